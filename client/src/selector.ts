import type { DocumentFilter } from 'vscode';

/**
 * The documents that Ballast reads: files, new documents, and the files of virtual workspaces, of which the text alone
 * is checked. Left out are the old versions in a diff and whatever else another extension shows as a Dockerfile.
 */
export const documentSelector = ['file', 'untitled', 'vscode-vfs'].map((scheme) => ({
  language: 'dockerfile',
  scheme,
})) satisfies DocumentFilter[];
