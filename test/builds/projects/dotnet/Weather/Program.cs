using Markdig;

var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/health", () => "ok");
app.MapGet("/", () => Results.Content(Markdown.ToHtml("It *rains*."), "text/html"));

app.Run();
