/** Groups of a Gemfile that serve development alone. */
const developmentGroups: ReadonlySet<string> = new Set(['development', 'test', 'ci', 'lint', 'rubocop']);

/** A gem that a Gemfile names for groups of development only. */
export interface DevelopmentGem {
  readonly name: string;
  readonly groups: readonly string[];
}

/** The gems that a Gemfile names for groups of development only, in the order of the text. */
export function developmentGems(gemfile: string): DevelopmentGem[] {
  const gems: DevelopmentGem[] = [];
  let open: readonly string[] | undefined;
  for (const written of gemfile.split('\n')) {
    const line = written.replace(/#.*/s, '').trim();
    const block = /^group[\s(]+([^\s(].*)\sdo$/.exec(line)?.[1];
    if (block !== undefined) {
      open = namesIn(block);
      continue;
    }
    if (line === 'end') {
      open = undefined;
      continue;
    }
    const gem = /^gem[\s(]+["']([\w.-]+)["'](.*)$/.exec(line);
    const own = /\bgroups?(?::|\s*=>)\s*(\[[^\]]*\]|:\w+|["']\w+["'])/.exec(gem?.[2] ?? '')?.[1];
    const named = own === undefined ? open : namesIn(own);
    if (
      gem?.[1] !== undefined &&
      named !== undefined &&
      named.length > 0 &&
      named.every((one) => developmentGroups.has(one))
    ) {
      gems.push({ name: gem[1], groups: named });
    }
  }
  return gems;
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/[:"'](\w+)/g)].flatMap((match) => match[1] ?? []);
}
