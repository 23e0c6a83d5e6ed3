import { dockerfileSelector, ignoreFileSelector } from '../../server/src/lsp/messages.ts';

export const documentSelector = [...dockerfileSelector, ...ignoreFileSelector];
