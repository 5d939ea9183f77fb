using Consultation.Web.SignIn;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Shared;

/// <summary>
/// Puts back what was typed into a page before its session ended. The fields read the model state first, so that a page needs to know nothing
/// of it; nothing is sent again by itself.
/// </summary>
public sealed class RestoredForms(KeptForms forms) : IAsyncPageFilter
{
    /// <summary>In the view data of a page that shows a restored form.</summary>
    public const string Mark = "Restored";

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var done = await next();
        if (done.Exception is not null || !HttpMethods.IsGet(context.HttpContext.Request.Method) || done.Result is not (null or PageResult) || context.HandlerInstance is not PageModel page
            || await forms.TakeAsync(context.HttpContext) is not { } form)
        {
            return;
        }

        foreach (var (name, values) in form.Fields)
        {
            page.ModelState.SetModelValue(name, new ValueProviderResult(values));
        }

        page.ViewData[Mark] = true;
    }
}
