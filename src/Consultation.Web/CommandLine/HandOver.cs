using Consultation.Messaging;
using Consultation.YearEnd;

namespace Consultation.Web.CommandLine;

/// <summary>
/// <c>hand-over export FILE</c> and <c>hand-over load FILE</c>: what a successor needs at the end of a contract, out of one installation and into an empty one
/// (journey J62). The file is personal data: it is written for its owner's eyes only, never over another one, and the verb says so.
/// </summary>
internal static class HandOver
{
    public static readonly Verb Verb = new(
        "hand-over", "hand-over export FILE | load FILE", "年度末の引継ぎ: 継続中の案件などをファイルに書き出す・空の環境（--empty）に読み込む（メールは送らない）", RunAsync);

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var what = arguments.Word();
        if (what is not ("export" or "load"))
        {
            throw new UsageError("hand-over の次には export か load を書きます。");
        }

        var file = arguments.Needed(arguments.Word(), "FILE");
        return what == "export" ? await ExportAsync(file, arguments, cancellationToken) : await LoadAsync(file, arguments, cancellationToken);
    }

    private static async Task<int> ExportAsync(string file, Arguments arguments, CancellationToken cancellationToken)
    {
        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        await using var target = Create(file);
        ExportedHandOver exported;
        try
        {
            exported = await product.SendAsync(new ExportHandOver(), cancellationToken);
            await target.WriteAsync(exported.Content, cancellationToken);
        }
        catch
        {
            // What is half written is of use to nobody and is personal data all the same.
            File.Delete(file);
            throw;
        }

        Console.WriteLine($"書き出しました: {exported.Head.Words()}");
        Console.WriteLine($"{HandOverHead.PersonalData} ファイルは所有者だけが読めます（0600）。");
        return 0;
    }

    private static async Task<int> LoadAsync(string file, Arguments arguments, CancellationToken cancellationToken)
    {
        byte[] content;
        try
        {
            content = await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInput("FILE", "hand_over.no_file");
        }

        await using var product = await Product.OpenAsync(arguments, cancellationToken);
        var loaded = await product.SendAsync(new LoadHandOver(content), cancellationToken);
        if (loaded.Again)
        {
            Console.WriteLine($"このファイルは読み込み済みです。何も変更していません: {loaded.Head.Words()}");
            return 0;
        }

        Console.WriteLine($"ファイル　: {loaded.Head.Words()}");
        Console.WriteLine($"読み込み後: {(loaded.Head with { Counts = loaded.Counts }).Words()}");
        Console.WriteLine($"引継ぎ一覧から予定に戻したフォローアップ {loaded.Planned}件。メールの送信は止めてあります。確かめてから mail release で再開してください。");
        Console.WriteLine(HandOverHead.PersonalData);
        return 0;
    }

    /// <summary>Read and written by its owner alone, from the first byte on.</summary>
    private static FileStream Create(string file)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new(file, options);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new InvalidInput("FILE", "hand_over.file_exists");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInput("FILE", "hand_over.no_file");
        }
    }
}
