import * as z from 'zod';

/** Media types of what a registry stores, in Docker's and OCI's names. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const digest = z.string().regex(/^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/);
const size = z.int().nonnegative();

const descriptorSchema = z.object({ mediaType: z.string().default(''), digest, size });

const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional().catch(undefined),
});

const indexSchema = z.object({
  manifests: z.array(descriptorSchema.extend({ platform: platformSchema.optional() })).max(1000),
});

const manifestSchema = z.object({ config: descriptorSchema, layers: z.array(descriptorSchema).max(1000) });

const configSchema = z.object({
  os: z.string().catch('linux'),
  architecture: z.string().catch(''),
  variant: z.string().optional().catch(undefined),
  created: z.iso.datetime({ offset: true }).optional().catch(undefined),
  config: z
    .object({
      User: z.string().max(256).catch(''),
      Entrypoint: z.array(z.string().max(1024)).max(32).nullish().catch(undefined),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

export type Descriptor = z.infer<typeof descriptorSchema>;
export type ImageManifest = z.infer<typeof manifestSchema>;
export type ImageIndex = z.infer<typeof indexSchema>;
export type ImageConfig = z.infer<typeof configSchema>;

/** What a reference leads to: one image, or a list of images by platform. */
export type Manifest =
  | { readonly kind: 'image'; readonly image: ImageManifest }
  | { readonly kind: 'index'; readonly index: ImageIndex }
  /** The format Docker used until 2016, which states no sizes. */
  | { readonly kind: 'outdated' };

/** Reads a manifest by what is in it; undefined where it is none. Media types are often wrong, contents are not. */
export function readManifest(text: string): Manifest | undefined {
  const json = parseJson(text);
  const image = manifestSchema.safeParse(json);
  if (image.success) {
    return { kind: 'image', image: image.data };
  }
  const index = indexSchema.safeParse(json);
  if (index.success) {
    return { kind: 'index', index: index.data };
  }
  return z.object({ schemaVersion: z.literal(1) }).safeParse(json).success ? { kind: 'outdated' } : undefined;
}

/** Reads the configuration of an image; undefined where it is none. */
export function readImageConfig(text: string): ImageConfig | undefined {
  const json = parseJson(text);
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? configSchema.safeParse(json).data
    : undefined;
}

/** The manifest of an index for a platform such as `linux/arm64`; undefined where it has none. */
export function selectPlatform(index: ImageIndex, platform: string): Descriptor | undefined {
  const [os, architecture, variant] = platform.split('/');
  const candidates = index.manifests.filter(
    (item) => item.platform?.os === os && item.platform?.architecture === architecture,
  );
  const wanted = variant ?? defaultVariant(architecture);
  return (
    candidates.find((item) => item.platform?.variant === wanted) ??
    candidates.find((item) => item.platform?.variant === undefined) ??
    // An ARM v7 machine runs what was built for v6.
    candidates
      .filter((item) => wanted !== undefined && (item.platform?.variant ?? '') < wanted)
      .sort((left, right) => (right.platform?.variant ?? '').localeCompare(left.platform?.variant ?? ''))[0]
  );
}

/** Platforms of an index as `--platform` writes them. Attestations, which have none, are left out. */
export function platformsOf(index: ImageIndex): readonly string[] {
  return index.manifests.flatMap(({ platform }) =>
    platform === undefined || platform.os === 'unknown'
      ? []
      : [
          [platform.os, platform.architecture, platform.variant]
            .filter((part) => part !== undefined)
            .join('/'),
        ],
  );
}

/** Bytes that a pull transfers for the layers. A layer that occurs twice is sent once. */
export function pullBytes(manifest: ImageManifest): number {
  return uniqueLayers(manifest).reduce((sum, layer) => sum + layer.size, 0);
}

export function uniqueLayers(manifest: ImageManifest): readonly Descriptor[] {
  return [...new Map(manifest.layers.map((layer) => [layer.digest, layer])).values()];
}

/** When an image was built; undefined for the placeholders of reproducible builds, which lie before Docker. */
export function buildDate(created: string | undefined): string | undefined {
  return created !== undefined && created >= '2013' ? created.slice(0, 10) : undefined;
}

/** TCP ports that an image exposes, in order: `8080/tcp` and `8080` are both 8080. */
export function exposedPorts(
  exposed: Readonly<Record<string, unknown>> | null | undefined,
): readonly number[] {
  return Object.keys(exposed ?? {})
    .filter((port) => /^\d{1,5}(\/tcp)?$/.test(port))
    .map((port) => Number.parseInt(port, 10))
    .sort((left, right) => left - right);
}

function defaultVariant(architecture: string | undefined): string | undefined {
  return architecture === 'arm64' ? 'v8' : architecture === 'arm' ? 'v7' : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
