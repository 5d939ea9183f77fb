using Consultation.Messaging;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc;

namespace Consultation.Web.Pages.Shared;

/// <summary>Translates a refusal that no form caught into the status whose page explains it (design §3).</summary>
public sealed class RefusedPages : IExceptionFilter
{
    public void OnException(ExceptionContext context)
    {
        if (context.Exception is not Failure failure)
        {
            return;
        }

        if (failure is Conflict { Code: "busy" })
        {
            context.HttpContext.Response.Headers.RetryAfter = "5";
        }

        context.Result = new StatusCodeResult(failure switch
        {
            NotFound => StatusCodes.Status404NotFound,
            Forbidden => StatusCodes.Status403Forbidden,
            InvalidInput => StatusCodes.Status400BadRequest,
            Conflict { Code: "busy" } => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status409Conflict,
        });
        context.ExceptionHandled = true;
    }
}
