/**
 * Two kinds of paths that look alike and never mean the same. Plain text may become either; one never becomes the other, so
 * that a path of the image is not looked up in the build context, nor the other way round.
 */

/** A path with `/` from the root of the build context; `''` is the root itself. */
export type ContextPath = string & { readonly pathIn?: 'context' };

/** An absolute path with `/` in an image, without a slash at the end but for the root. */
export type ImagePath = string & { readonly pathIn?: 'image' };
