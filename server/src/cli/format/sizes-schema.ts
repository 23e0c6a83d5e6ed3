import * as z from 'zod';
import { formatVersion, size } from './json-schema.ts';

/* The shape of `ballast sizes --format json`; see json-schema.ts. */

const facts = {
  image: z.string().describe('Name as Docker writes it, defaults left out.'),
  platform: z.string(),
  pull: size.describe('Compressed, as a registry sends it.'),
  disk: size.describe('Unpacked.'),
  layers: z.int().nullable(),
  created: z.string().nullable().describe('ISO date on which it was built.'),
  digest: z.string().nullable().describe('What the registry gave for the name.'),
  distribution: z.string().nullable().describe('`debian 12`, `alpine 3.22`; null where it is not known.'),
  libc: z.enum(['glibc', 'musl', 'none']).nullable(),
  hasShell: z.boolean().nullable(),
  defaultUser: z.string().nullable(),
  users: z.array(z.strictObject({ name: z.string(), uid: z.int() })).describe('Users besides root.'),
  endOfLife: z
    .strictObject({
      date: z.string(),
      what: z.string(),
      source: z.string(),
      replacement: z.string().nullable(),
    })
    .nullable(),
  problem: z.string().nullable().describe('Why the registry gave no answer.'),
};

const image = z.strictObject(facts);

export const sizesSchema = z.strictObject({
  ballast: z.string().describe('Version of Ballast.'),
  format: formatVersion,
  images: z.array(
    z.strictObject({
      ...facts,
      smaller: z.array(image).describe('Smaller images of the same version, the smallest first.'),
    }),
  ),
});

export type JsonSizes = z.infer<typeof sizesSchema>;
export type JsonImage = z.infer<typeof image>;
