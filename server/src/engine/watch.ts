/**
 * Runs work that may take long, and ends it after so many seconds of CPU wherever it stands. True where the work came to
 * its end; what it throws is thrown on. Work may be started more than once, so it begins with what it needs to forget.
 */
export type Watch = (work: () => void, seconds: number) => boolean;

/** What one analysis may take: people wait for it, and a build server runs it on text from anybody. */
export const analysisSeconds = 2;

/** What applying all fixes may take, which needs an analysis for each of them. */
export const fixSeconds = 20;

/** Why something is missing from a report: what would have found it was ended. */
export class AnalysisEnded extends Error {
  constructor(seconds: number = analysisSeconds) {
    super(`it was ended after ${seconds} seconds`);
  }
}

/** Nobody watches: work takes the time it takes. */
export const unwatched: Watch = (work) => {
  work();
  return true;
};
