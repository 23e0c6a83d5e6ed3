import { parse } from 'yaml';
import { remember } from '../../text/remember.ts';

/** Longer texts are machine-made; the settings of a project never are. */
const longest = 1_000_000;

/** Reads a settings file in YAML; undefined where it is none, or has several documents. Never throws. */
export const readYaml = remember((text): unknown => {
  if (text.length > longest) {
    return undefined;
  }
  try {
    return parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}, 50);
