using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Consultation.Web.Pages.Survey;

/// <summary>Said after an answer; the address tells nothing of whose.</summary>
[AllowAnonymous]
public sealed class ThanksModel : PageModel;
