using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages;

/// <summary>What went wrong and what to do, for every status that a page can end with. Says nothing about what was asked for.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(Location = ResponseCacheLocation.None, NoStore = true)]
public sealed class StatusModel : PageModel
{
    public int Code { get; private set; }
    public string Title { get; private set; } = "";
    public string What { get; private set; } = "";
    public string Next { get; private set; } = "";
    public string? Trace { get; private set; }

    /// <summary>Before any handler: the page stands in for requests of every method.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context) => Tell(Asked());

    /// <summary>Not a bound parameter: after a form that could not be read, nothing is bound any more.</summary>
    private int Asked() => int.Parse((string)RouteData.Values["code"]!, System.Globalization.CultureInfo.InvariantCulture);

    private void Tell(int code)
    {
        Code = code;
        Response.StatusCode = code is >= 400 and <= 599 ? code : StatusCodes.Status404NotFound;
        (Title, What, Next) = Response.StatusCode switch
        {
            400 => ("送信を受け付けられませんでした", "画面を開いてから時間がたったか、内容が途中で欠けました。",
                "ブラウザーの「戻る」で前の画面に戻ると、入力した内容が残っています。画面を読み込み直してから、もう一度送信してください。"),
            403 => ("この画面は使えません", "あなたの役割では、この操作ができません。", "必要な場合は、業務責任者に依頼してください。"),
            413 => ("送信した内容が大きすぎます", "1回に送れる大きさを超えました。", "文章を短くするか、分けて送信してください。"),
            429 => ("操作が多すぎます", "短い時間に何度も送信されました。", "1分ほど待ってから、もう一度お試しください。入力した内容はブラウザーの「戻る」で残っています。"),
            503 => ("ただいま混み合っています", "同時に行われた操作と重なったか、準備中です。何も変更していません。",
                "少し待ってから、もう一度お試しください。入力した内容はブラウザーの「戻る」で残っています。"),
            >= 500 => ("処理できませんでした", "予期しない誤りが起きました。", "操作が保存されたかどうかを案件の画面で確かめてから、もう一度お試しください。"),
            _ => ("見つかりません", "このアドレスの画面はないか、あなたの窓口では見られません。", "案件番号や企業名で検索してください。"),
        };
        Trace = Response.StatusCode >= 500 ? Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier : null;
    }
}
