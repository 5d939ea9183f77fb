using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Consultation.Mail;
using Consultation.Messaging;
using Consultation.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Settings.Mail;

/// <summary>What an operator may do to sending as a whole: stop it, stop one domain, bound its pace.</summary>
public sealed class SendingModel(Dispatcher dispatcher) : SendingPage(dispatcher)
{
    public MailWay Way { get; private set; } = null!;

    public IEnumerable<MailDomainLine> Kept => Way.Domains.Where(domain => domain.IsKept);

    [BindProperty, Display(Name = "止める理由")]
    public string? PauseReason { get; set; }

    [BindProperty, Display(Name = "ドメイン")]
    public string? Domain { get; set; }

    [BindProperty, Display(Name = "このドメインを止める理由")]
    public string? DomainReason { get; set; }

    [BindProperty, Display(Name = "1分間の上限")]
    public string? PerMinute { get; set; }

    public async Task OnGetAsync()
    {
        Way = await AskAsync(new GetMailWay());
        PerMinute ??= Way.PerMinute?.ToString(CultureInfo.InvariantCulture);
    }

    public Task<IActionResult> OnPostPauseAsync() => DoAsync(new PauseMail(PauseReason), nameof(PauseReason), _ => "すべての送信を止めました。");

    public Task<IActionResult> OnPostPauseDomainAsync() => DoAsync(new PauseDomain(Domain, DomainReason), nameof(DomainReason), domain => $"{domain} への送信を止めました。");

    public Task<IActionResult> OnPostResumeDomainAsync() => DoAsync(new ResumeDomain(Domain), nameof(DomainReason), domain => $"{domain} への送信を再開しました。");

    // What is no number is refused by the request like a number that cannot be meant.
    public Task<IActionResult> OnPostPaceAsync() => DoAsync(
        new SetMailPace(string.IsNullOrWhiteSpace(PerMinute) ? null : (int)Math.Min(Typed.Number(PerMinute) ?? 0, int.MaxValue)),
        nameof(PerMinute), perMinute => perMinute is null ? "速さの上限をなくしました。" : $"一つのドメインへ1分間に{perMinute}通までにしました。");

    private async Task<IActionResult> DoAsync<T>(MediatR.IRequest<T> act, string reason, Func<T, string> told)
    {
        if (await TryAsync(act, field => field switch { "reason" => reason, "domain" => nameof(Domain), "perMinute" => nameof(PerMinute), _ => null }, done => Say(told(done))))
        {
            return Redirect("/settings/mail/sending");
        }

        await OnGetAsync();
        return Page();
    }
}
