import type { Severity } from '../../rules/rule.ts';
import type { SizeAnswer } from '../../sizes/size.ts';

/** Dockerfiles that are named in the result, those that save or weigh most first. */
const mostNamed = 100;

/** How often a rule was found, in how many Dockerfiles and reports. */
export interface RuleCount {
  readonly rule: string;
  findings: number;
  dockerfiles: number;
}

/** One image of one of the reports. */
export interface NamedImage {
  readonly report: string;
  readonly path: string;
  readonly size: SizeAnswer;
  /** After `ballast slim`; null where the report was made without it. */
  readonly sizeAfter: SizeAnswer | null;
  /** Bytes that slimming saves, by the lower ends of both estimates; 0 where one of them is not known. */
  readonly saved: number;
  readonly findings: number;
}

/** What many reports say together. */
export interface Totals {
  readonly reports: number;
  readonly dockerfiles: number;
  readonly findings: number;
  /** Findings by severity. */
  readonly severities: Readonly<Record<Severity, number>>;
  /** Lower ends of the images whose size is known, and how many those are. */
  readonly bytes: number;
  readonly sized: number;
  /** What slimming saves in all, and in how many images that was asked for and is known. */
  readonly saved: number;
  readonly slimmed: number;
  /** Most frequent first. */
  readonly rules: readonly RuleCount[];
  /** The heaviest, and those that slimming makes smaller by most. */
  readonly heaviest: readonly NamedImage[];
  readonly savesMost: readonly NamedImage[];
  /** Reports that could not be used, and Dockerfiles that could not be read when they were made. */
  readonly failures: readonly { readonly report: string; readonly message: string }[];
}

/** What is read of a report of `check --format json`. */
export interface MergedReport {
  readonly files: readonly MergedFile[];
  readonly failures: readonly { readonly path: string; readonly message: string }[];
}

interface MergedFile {
  readonly path: string;
  readonly size: SizeAnswer;
  readonly sizeAfter: SizeAnswer | null;
  readonly findings: readonly { readonly rule: string; readonly severity: Severity }[];
}

/** Adds up reports one by one. What is kept grows with the number of rules, never with the number of reports. */
export class Sum {
  private reports = 0;
  private dockerfiles = 0;
  private findings = 0;
  private readonly severities: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  private bytes = 0;
  private sized = 0;
  private saved = 0;
  private slimmed = 0;
  private readonly rules = new Map<string, RuleCount>();
  private readonly heaviest = new Top(mostNamed, ({ size }) => lowOf(size));
  private readonly savesMost = new Top(mostNamed, ({ saved }) => saved);
  private readonly failures: { report: string; message: string }[] = [];

  /** Adds what one report says; `name` is what people call it. */
  add(name: string, report: MergedReport): void {
    this.reports++;
    for (const file of report.files) {
      this.addFile(name, file);
    }
    for (const { path, message } of report.failures) {
      this.fail(name, `${path}: ${message}`);
    }
  }

  /** Notes that something is missing; the first hundred are named. */
  fail(report: string, message: string): void {
    if (this.failures.length < mostNamed) {
      this.failures.push({ report, message });
    }
  }

  totals(): Totals {
    return {
      reports: this.reports,
      dockerfiles: this.dockerfiles,
      findings: this.findings,
      severities: this.severities,
      bytes: this.bytes,
      sized: this.sized,
      saved: this.saved,
      slimmed: this.slimmed,
      rules: [...this.rules.values()].sort((a, b) => b.findings - a.findings || (a.rule < b.rule ? -1 : 1)),
      heaviest: this.heaviest.all().filter(({ size }) => size.kind === 'known'),
      savesMost: this.savesMost.all().filter(({ saved }) => saved > 0),
      failures: this.failures,
    };
  }

  private addFile(report: string, file: MergedFile): void {
    this.dockerfiles++;
    this.findings += file.findings.length;
    const seen = new Set<string>();
    for (const { rule, severity } of file.findings) {
      this.severities[severity]++;
      const counted = this.rules.get(rule) ?? { rule, findings: 0, dockerfiles: 0 };
      counted.findings++;
      counted.dockerfiles += seen.has(rule) ? 0 : 1;
      seen.add(rule);
      this.rules.set(rule, counted);
    }
    const { size, sizeAfter } = file;
    const isKnown = size.kind === 'known';
    const isSlimmed = isKnown && sizeAfter?.kind === 'known';
    const saved = isSlimmed ? Math.max(0, lowOf(size) - lowOf(sizeAfter)) : 0;
    this.bytes += lowOf(size);
    this.sized += isKnown ? 1 : 0;
    this.saved += saved;
    this.slimmed += isSlimmed ? 1 : 0;
    const image = { report, path: file.path, size, sizeAfter, saved, findings: file.findings.length };
    this.heaviest.add(image);
    this.savesMost.add(image);
  }
}

/** The lower end of a size; 0 where it is not known. */
export function lowOf(size: SizeAnswer): number {
  return size.kind === 'known' ? size.low : 0;
}

/**
 * The largest of many images, largest first. Of equal ones the order is that of their names, without the folders that shards
 * put their reports into: reports that come in another order have the same result. Looks at each image once.
 */
class Top {
  private kept: NamedImage[] = [];
  private readonly most: number;
  private readonly weigh: (image: NamedImage) => number;

  constructor(most: number, weigh: (image: NamedImage) => number) {
    this.most = most;
    this.weigh = weigh;
  }

  add(image: NamedImage): void {
    this.kept.push(image);
    // Sorted only when twice as many have come together, so that each image costs the same however many there are.
    if (this.kept.length >= 2 * this.most) {
      this.kept = this.all();
    }
  }

  all(): NamedImage[] {
    return [...this.kept]
      .sort((a, b) => this.weigh(b) - this.weigh(a) || compareText(orderOf(a), orderOf(b)))
      .slice(0, this.most);
  }
}

function orderOf({ report, path }: NamedImage): string {
  return [report.replace(/^.*\//, ''), path, report].join('\n');
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
