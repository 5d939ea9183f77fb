using System.Globalization;

namespace Consultation.Faults;

/// <summary>One person at a desk who does now this, now that, with whatever cases and visits there are.</summary>
internal sealed class VisitClient(Caller caller, World world, Findings findings, Random random)
{
    private static readonly string[] Modes = ["visit", "web", "phone"];
    private static readonly string[] Causes = ["client", "expert", "desk", "disaster"];
    private static readonly HashSet<string> Refusals =
    [
        "visit.taken", "visit.client_busy", "visit.closed_day", "visit.outside_hours", "visit.outside_pattern", "visit.outside_programme", "visit.not_open", "visit.hold_expired",
        "visit.not_yet", "visit.leaves_in_past", "visit.outcome_recorded", "visit.at_lunch", "quota.exhausted", "case.not_allowed", "track.not_held", "offer.closed", "offer.excluded", "offer.already_open",
        "track.not_wanted", "report.already_filed", "report.visit_not_recorded", "report.track_not_visited", "report.not_own", "programme.no_year", "not_found", "invalid_input",
        "slot_wish.open", "slot_wish.free_now", "slot_wish.not_open", "visit.in_past",
    ];

    public async Task WorkAsync(CancellationToken end)
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                await StepAsync();
            }
        }
        catch (Exception wrong)
        {
            findings.Add($"a client met what it does not know: {wrong}");
        }
    }

    private Task StepAsync() => random.Next(100) switch
    {
        < 38 => BookAsync(),
        < 46 => OnVisitAsync("confirm", (_, _) => new { }),
        < 62 => OnVisitAsync("reschedule", Move),
        < 68 => OnVisitAsync("cancel", (_, _) => new { by = Causes[random.Next(Causes.Length)], reason = "試験" }),
        < 82 => OnVisitAsync("complete", (_, _) => new { outcome = random.Next(4) == 0 ? "no_show" : "took_place", source = "電話で確認" }),
        < 87 => OnVisitAsync("report", (_, _) => new { track = random.Next(2) == 0 ? "mic" : "mhlw", text = "助言した。", next = random.Next(3) == 0 ? "done" : "another", source = "電話で口述" }),
        < 94 => WaitAsync(),
        < 96 => ReassignAsync(),
        < 98 => world.OpenCaseAsync(caller, random),
        _ => CloseAsync(),
    };

    private async Task BookAsync()
    {
        if (world.AnyCase(random) is not { } id)
        {
            return;
        }

        var mode = Modes[random.Next(Modes.Length)];
        var (start, end) = await TimeAsync(id, mode);
        string[]? tracks = random.Next(3) switch { 0 => ["mic"], 1 => ["mhlw"], _ => null };
        var way = random.Next(12);
        Known(await caller.PostAsync("book", $"/cases/{id}/visits", new
        {
            start, end, mode, tracks, stage = "assess", hold = random.Next(3) == 0, consumesQuota = way != 0, beyondQuota = way is 1 or 2, quotaReason = way <= 2 ? "試験のため" : null,
        }), booked => world.Booked(World.IdOf(booked)));
    }

    /// <summary>Of the times that are offered one of the first, where all others look too; or one that everybody wants without asking.</summary>
    private async Task<(string Start, string End)> TimeAsync(string id, string mode)
    {
        if (random.Next(3) > 0 && await caller.GetAsync($"/cases/{id}/slots?mode={mode}&limit=12") is { } listed && listed.GetProperty("items") is var items && items.GetArrayLength() > 0)
        {
            var slot = items[random.Next(items.GetArrayLength())];
            return (slot.GetProperty("start").GetString()!, slot.GetProperty("end").GetString()!);
        }

        return Wanted(await NowAsync());
    }

    /// <summary>The next days at full and half hours.</summary>
    private (string Start, string End) Wanted(DateTimeOffset now)
    {
        var start = new DateTimeOffset(now.Year, now.Month, now.Day, 9, 0, 0, now.Offset).AddDays(random.Next(1, 5)).AddMinutes(30 * random.Next(15));
        return (Text(start), Text(start.AddMinutes(60)));
    }

    private async Task<DateTimeOffset> NowAsync()
    {
        return await caller.NowAsync() ?? new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.FromHours(9));
    }

    private object Move(DateTimeOffset now, string visit)
    {
        var (start, end) = Wanted(now);
        // A place of its own makes every change one that is told.
        return new { start, end, mode = Modes[random.Next(Modes.Length)], place = $"試験室 {Guid.NewGuid():N}", reason = "試験" };
    }

    private async Task OnVisitAsync(string act, Func<DateTimeOffset, string, object> body)
    {
        if (world.AnyVisit(random) is not { } visit)
        {
            return;
        }

        Known(await caller.PostAsync(act, $"/visits/{visit}/{act}", body(await NowAsync(), visit)), done =>
        {
            if (act is "cancel" || (act == "complete" && done.Answer?.GetProperty("state").GetString() == "no_show") || (act == "report" && random.Next(2) == 0))
            {
                world.Over(visit);
            }
        });
    }

    /// <summary>Waits for a time of the next days, or for one before a booked visit; what is then held, others confirm or let run out.</summary>
    private async Task WaitAsync()
    {
        if (world.AnyCase(random) is not { } id || await caller.GetAsync($"/cases/{id}") is not { } file)
        {
            return;
        }

        if (file.GetProperty("slotWish") is { ValueKind: System.Text.Json.JsonValueKind.Object } wish)
        {
            if (wish.GetProperty("offeredVisit").GetString() is { } held)
            {
                world.Offered(held);
                if (random.Next(4) > 0)
                {
                    Known(await caller.PostAsync("confirm", $"/visits/{held}/confirm", new { }), _ => { });
                }
            }
            else if (random.Next(4) == 0)
            {
                Known(await caller.PostAsync("stop", $"/slot-wishes/{wish.GetProperty("id").GetString()}/end", new { reason = "試験" }), _ => { });
            }

            return;
        }

        var booked = file.GetProperty("visits").EnumerateArray().Where(v => v.GetProperty("state").GetString() == "confirmed").Select(v => v.GetProperty("id").GetString()).FirstOrDefault();
        var now = await NowAsync();
        Known(await caller.PostAsync("wait", $"/cases/{id}/slot-wishes", new
        {
            mode = Modes[random.Next(Modes.Length)], minutes = 60, from = $"{now:yyyy-MM-dd}", to = $"{now.AddDays(random.Next(1, 4)):yyyy-MM-dd}", earlier = random.Next(2) == 0 ? booked : null,
        }), _ => { });
    }

    private async Task ReassignAsync()
    {
        if (world.AnyCase(random) is not { } id)
        {
            return;
        }

        var track = random.Next(2) == 0 ? "mic" : "mhlw";
        var of = track == "mic" ? world.Mic : world.Mhlw;
        var moved = await caller.PostAsync("reassign", $"/cases/{id}/reassign", new { track, expertId = of[random.Next(of.Count)], reason = "試験" });
        if (moved.IsAcknowledged && moved.Answer is { } answer)
        {
            foreach (var offered in answer.GetProperty("tracks").EnumerateArray().Where(t => t.GetProperty("state").GetString() == "offered"))
            {
                await caller.PostAsync("accept", $"/offers/{offered.GetProperty("offerId").GetString()}/accept", new { source = "電話で受諾" });
            }
        }
    }

    private async Task CloseAsync()
    {
        if (world.AnyCase(random) is not { } id)
        {
            return;
        }

        Known(await caller.PostAsync("close", $"/cases/{id}/close", new { outcome = "withdrawn", closeOpenWork = true, reason = "試験" }), _ => world.Closed(id));
        await world.OpenCaseAsync(caller, random);
    }

    private void Known(Entry entry, Action<Entry> done)
    {
        if (entry.IsAcknowledged)
        {
            done(entry);
            return;
        }

        var code = entry.Answer?.GetProperty("code").GetString() ?? $"{entry.Status}";
        findings.Count(code);
        if (!Refusals.Contains(code))
        {
            findings.Add($"an unknown refusal: {entry.Act} {entry.Path} {entry.Status} {entry.Answer}");
        }

        if (code == "visit.taken" && entry.Answer?.TryGetProperty("nextSlots", out var next) != true)
        {
            findings.Add($"taken without the next free times: {entry.Act} {entry.Path}");
        }
    }

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
