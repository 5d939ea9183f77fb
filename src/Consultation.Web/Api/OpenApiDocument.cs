using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Consultation.Messaging;
using Consultation.Persistence;
using Consultation.Reference;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Consultation.Web.Api;

/// <summary>What an endpoint says of itself beyond its route; read by the OpenAPI document.</summary>
internal sealed record Taken(Type Body, bool MayBeEmpty);

/// <summary>Another district's desk gets the reduced view instead, of the case or of single rows of the list.</summary>
internal sealed record Reducible;

internal sealed record QueryCodes(string Name, IReadOnlyList<string> Codes);

/// <summary>The published description: the code lists, the bodies and every refusal, with Japanese titles.</summary>
internal static class OpenApiDocument
{
    private const string Json = "application/json";

    private static readonly (string Code, string Name)[] HeardBy =
        [("web_search", "検索"), ("ministry", "省庁の案内"), ("local_office", "労働局・自治体の紹介"), ("chamber", "商工会議所・業界団体の紹介"), ("seminar", "セミナー・イベント"),
         ("leaflet", "チラシ"), ("media", "報道"), ("earlier_case", "以前の相談"), ("word_of_mouth", "知人の紹介"), ("other", "その他")];
    private static readonly (string Code, string Name)[] KnownBy = [("phone", "電話で確認"), ("email", "メールで確認"), ("in_person", "対面で確認"), ("online", "Web会議で確認")];

    /// <summary>Codes that are rows of reference data and no enumerations of the program.</summary>
    private static readonly Dictionary<string, string> Meanings = MeaningsOf();

    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string title, string? more = null) =>
        more is null ? endpoint.WithSummary(title) : endpoint.WithSummary(title).WithDescription(more);

    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint, bool mayBeEmpty = false) where TBody : class =>
        endpoint.WithMetadata(new Taken(typeof(TBody), mayBeEmpty));

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) => endpoint.Produces<T>(status, Json);

    public static RouteHandlerBuilder OrReduced(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Reducible());

    public static RouteHandlerBuilder Codes<T>(this RouteHandlerBuilder endpoint, string query) where T : struct, Enum =>
        endpoint.WithMetadata(new QueryCodes(query, Enum.GetValues<T>().Select(EnumText.Of).ToList()));

    public static void Describe(OpenApiOptions options)
    {
        options.AddSchemaTransformer((schema, context, _) =>
        {
            DescribeType(schema, context.JsonTypeInfo.Type);
            schema.Description = context.JsonPropertyInfo?.Name is { } name && Meanings.TryGetValue(name, out var meaning) ? meaning : schema.Description;
            DescribeSource(schema, context.JsonPropertyInfo);
            DescribeDay(schema, context.JsonPropertyInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "テレワーク相談窓口 API",
                Version = "v1",
                Description = "時刻は ISO 8601（オフセットなしは日本時間）。一覧は {items, next} で、next を after に渡す。limit は 200 まで（既定 50）。書込みは新しい状態と ETag を返し、If-Match を付けられる。"
                    + "POST には Idempotency-Key を付けられる。エラーは application/problem+json。",
            };
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "deploy/consultation token create で発行" },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
            document.Servers = [new() { Url = "/" }];
            return Task.CompletedTask;
        });
    }

    private static Dictionary<string, string> MeaningsOf()
    {
        var districts = string.Join("、", Districts.All.Select(d => $"{d.Slug}={d.Name}"));
        var topics = "論点の符号: " + string.Join("、", TopicCatalogue.All.Select(t => $"{t.Code}={t.NameJa}"));
        var industries = "日本標準産業分類の大分類: " + string.Join("、", Industries.All.Select(i => $"{i.Letter}={i.Name}"));
        const string places = "都道府県名、または JIS コード（01〜47）";
        return new()
        {
            ["topics"] = topics, ["industry"] = industries, ["industries"] = industries, ["prefecture"] = places, ["prefectures"] = places,
            ["district"] = districts, ["districts"] = districts, ["desk"] = $"{districts}、national=全国窓口",
        };
    }

    /// <summary>How somebody heard of the desk, or how somebody knows: these codes are agreed, and other words are kept as they were typed.</summary>
    private static void DescribeSource(OpenApiSchema schema, JsonPropertyInfo? member)
    {
        if (member?.Name == "source")
        {
            var codes = member.DeclaringType == typeof(InquiryBody) || member.DeclaringType == typeof(CaseAnswer) ? HeardBy : KnownBy;
            schema.Description = $"決めてある値: {string.Join("、", codes.Select(c => $"{c.Code}={c.Name}"))}。ほかの言葉（500文字以内）は書かれたまま残る。";
            schema.Examples = [.. codes.Select(c => (JsonNode)c.Code)];
        }
    }

    private static void DescribeDay(OpenApiSchema schema, JsonPropertyInfo? member)
    {
        if (member?.AttributeProvider?.GetCustomAttributes(typeof(WholeDayAttribute), false) is [WholeDayAttribute day])
        {
            schema.Format = null;
            schema.Description = day.AtEnd ? "日時、または日付。日付だけなら、その日の終わりまで（日本時間）" : "日時、または日付。日付だけなら、その日の 0:00 から（日本時間）";
        }
    }

    private static void DescribeType(OpenApiSchema schema, Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var format = type == typeof(DateTimeOffset) ? "date-time"
            : type == typeof(TimeOnly) ? "time"
            : type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStrongId<>)) ? "uuid"
            : null;
        if (type.IsEnum || format is not null)
        {
            schema.Type = JsonSchemaType.String | (type == declared ? 0 : JsonSchemaType.Null);
            schema.Format = format;
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && type.GetGenericArguments()[0].GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(Consultation.Messaging.IStrongId<>)))
        {
            schema.Items ??= new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
        }
        else if (type.Namespace == typeof(OpenApiDocument).Namespace && type.Name.EndsWith("Body", StringComparison.Ordinal))
        {
            // A member of a positional record counts as required otherwise, and everything may be missing on the wire.
            schema.Required = type.GetProperties().Where(p => p.IsDefined(typeof(RequiredAttribute), false)).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToHashSet();
        }
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var method = context.Description.HttpMethod;
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= parameter.In == ParameterLocation.Query && Meanings.TryGetValue(parameter.Name ?? "", out var meaning) ? meaning : null;
        }

        foreach (var known in metadata.OfType<QueryCodes>())
        {
            if (operation.Parameters?.FirstOrDefault(p => p.Name == known.Name)?.Schema is OpenApiSchema schema)
            {
                schema.Enum = known.Codes.Select(c => (JsonNode)c).ToList();
            }
        }

        if (operation.Parameters?.FirstOrDefault(p => p.Name == "limit")?.Schema is OpenApiSchema limit)
        {
            (limit.Type, limit.Minimum, limit.Maximum, limit.Default) = (JsonSchemaType.Integer, "1", "200", 50);
        }

        if (metadata.OfType<Taken>().FirstOrDefault() is { } taken)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !taken.MayBeEmpty,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = await SchemaAsync(taken.Body, context, cancellationToken) } },
            };
        }

        if (metadata.OfType<Reducible>().Any())
        {
            await ReduceAsync(operation, context, cancellationToken);
        }

        operation.Parameters ??= [];
        if (method == HttpMethods.Post)
        {
            operation.Parameters.Add(Header("Idempotency-Key", false, "同じ要求を二度処理しないための印（200文字以内、7日間有効）"));
        }

        if (method != HttpMethods.Get)
        {
            operation.Parameters.Add(Header("If-Match", method == HttpMethods.Patch, "知っている版の ETag。違えば 412"));
        }

        var problem = await SchemaAsync(typeof(Problem), context, cancellationToken);
        operation.Responses ??= [];
        foreach (var status in Refusals(method, context.Description.RelativePath ?? "", metadata.OfType<Taken>().Any()))
        {
            operation.Responses[status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = Texts.Of($"title.{status}"),
                Content = new Dictionary<string, OpenApiMediaType> { [Problems.ContentType] = new() { Schema = problem } },
            };
        }
    }

    private static async Task ReduceAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var reduced = await SchemaAsync(typeof(ReducedCaseAnswer), context, cancellationToken);
        foreach (var given in operation.Responses!.Where(r => r.Key[0] == '2').SelectMany(r => r.Value.Content!.Values))
        {
            given.Schema = given.Schema is OpenApiSchemaReference { Reference.Id: "PageOfCaseRowAnswer" } page
                ? new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = page.Required,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["items"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { AnyOf = [page.Properties!["items"].Items!, reduced] } },
                        ["next"] = page.Properties["next"],
                    },
                }
                : new OpenApiSchema { AnyOf = [given.Schema!, reduced] };
        }
    }

    private static IEnumerable<int> Refusals(string? method, string path, bool hasBody) =>
        new[] { 400, 401, 403, 422, 429, 503 }
            .Concat(path.Contains('{', StringComparison.Ordinal) ? [404] : [])
            .Concat(hasBody ? [413, 415] : [])
            .Concat(method == HttpMethods.Get ? [] : [409, 412])
            .Concat(method == HttpMethods.Patch ? [428] : [])
            .Order();

    private static OpenApiParameter Header(string name, bool isRequired, string description) => new()
    {
        Name = name, In = ParameterLocation.Header, Required = isRequired, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static async Task<IOpenApiSchema> SchemaAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(type.Name) != true)
        {
            document.AddComponent(type.Name, await context.GetOrCreateSchemaAsync(type, null, cancellationToken));
        }

        return new OpenApiSchemaReference(type.Name, document);
    }
}
