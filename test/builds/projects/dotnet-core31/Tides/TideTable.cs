using System.Collections.Generic;

namespace Tides
{
    /// <summary>Times of high water.</summary>
    public static class TideTable
    {
        private static readonly Dictionary<string, string> Times = new Dictionary<string, string>
        {
            ["Dover"] = "04:12",
            ["Brest"] = "09:47",
        };

        public static string Next(string place) => Times.TryGetValue(place, out var time) ? time : "unknown";
    }
}
