using System.Globalization;
using Consultation.Web.CommandLine;

// Numbers and dates mean the same on every machine; what people read is formatted by Consultation.Reference.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

return await Verbs.RunAsync(args);
