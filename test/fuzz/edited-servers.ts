import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import {
  CompletionRequest,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  InlayHintRequest,
  type Position,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { checklistRequest } from '../../server/src/lsp/messages.ts';
import { full, TestClient } from '../lsp/client.ts';
import type { Message } from './edits.ts';
import type { Sample } from './examine.ts';

/** A server that has not answered after so many milliseconds hangs. */
const answerWithin = 60_000;
/** How often, and how many milliseconds apart, is asked again: what a build context weighs becomes known later. */
const mostQuestions = 10;
const pause = 100;

/**
 * Two language servers in processes of their own: one is sent edits, the other one is shown each text as a new document.
 * Whatever an editor can ask for, both have to say the same.
 */
export class EditedServers {
  private readonly folder: string;
  private readonly edited: TestClient;
  private readonly fresh: TestClient;
  private count = 0;

  private constructor(folder: string, edited: TestClient, fresh: TestClient) {
    this.folder = folder;
    this.edited = edited;
    this.fresh = fresh;
  }

  static async start(): Promise<EditedServers> {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-fuzz-'));
    const options = {
      workspaceFolder: folder,
      settings: { network: 'off', standardFeatures: 'on' },
      initializationOptions: { views: true },
    };
    return new EditedServers(folder, await TestClient.start(options), await TestClient.start(options));
  }

  async stop(): Promise<void> {
    await Promise.all([this.edited.stop(), this.fresh.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is wrong after one of the messages, in one line; undefined where nothing is. */
  async faultIn(sample: Sample, messages: readonly Message[]): Promise<string | undefined> {
    const project = join(this.folder, String(++this.count));
    writeProject(project, sample);
    const uri = pathToFileURL(join(project, sample.dockerfile ?? 'Dockerfile')).href;
    try {
      return await Promise.race([this.follow(uri, sample.text, messages), silence()]);
    } catch (error) {
      return `throws: ${String(error).slice(0, 200)}`;
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  }

  private async follow(
    uri: string,
    first: string,
    messages: readonly Message[],
  ): Promise<string | undefined> {
    let document = TextDocument.create(uri, 'dockerfile', 1, first);
    await show(this.edited, document);
    await this.edited.pull(uri);
    let fault: string | undefined;
    for (const { changes, isLookedAt } of messages) {
      const version = document.version + 1;
      document = TextDocument.update(document, [...changes], version);
      await this.edited.connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [...changes],
      });
      if (isLookedAt) {
        fault = await this.difference(document);
      }
      if (fault !== undefined) {
        break;
      }
    }
    await this.edited.close(uri);
    return fault ?? failureIn(this.edited) ?? failureIn(this.fresh);
  }

  private async difference(document: TextDocument): Promise<string | undefined> {
    await show(this.fresh, document);
    let fault: string | undefined;
    for (let question = 0; question < mostQuestions; question++) {
      const [edited, fresh] = await Promise.all([
        answersOf(this.edited, document),
        answersOf(this.fresh, document),
      ]);
      fault = outside(document, edited.diagnostics) ?? firstDifference(edited, fresh);
      if (fault === undefined) {
        break;
      }
      await sleep(pause);
    }
    await this.fresh.close(document.uri);
    return fault;
  }
}

async function silence(): Promise<string> {
  await sleep(answerWithin, undefined, { ref: false });
  return 'no answer';
}

async function show(client: TestClient, document: TextDocument): Promise<void> {
  const { uri, version, languageId } = document;
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, version, languageId, text: document.getText() },
  });
}

/** Whatever an editor shows of a document, by name. */
async function answersOf(client: TestClient, document: TextDocument) {
  const { uri } = document;
  const { connection } = client;
  const textDocument = { uri };
  const end = document.positionAt(document.getText().length);
  const range = { start: { line: 0, character: 0 }, end };
  const middle = document.positionAt(Math.floor(document.getText().length / 2));
  const [diagnostics, fixes, all, hints, checklist, hover, completion] = await Promise.all([
    client.pull(uri).then((report) => full(report).items),
    client.codeActions(uri, range),
    client.codeActions(uri, range, { only: ['source.fixAll.ballast'] }),
    connection.sendRequest(InlayHintRequest.type, { textDocument, range }),
    connection.sendRequest(checklistRequest, textDocument),
    connection.sendRequest(HoverRequest.type, { textDocument, position: middle }),
    connection.sendRequest(CompletionRequest.type, { textDocument, position: middle }),
  ]);
  return { diagnostics, fixes, all, hints, checklist, hover, completion };
}

type Answers = Awaited<ReturnType<typeof answersOf>>;

function firstDifference(edited: Answers, fresh: Answers): string | undefined {
  for (const [name, answer] of Object.entries(edited)) {
    const other = fresh[name as keyof Answers];
    if (!isDeepStrictEqual(answer, other)) {
      return `after edits: ${name} differ from those of the fresh text: ${differentPart(answer, other)}`;
    }
  }
  return undefined;
}

/** The code of the first entry that differs, which tells one fault from another. */
function differentPart(one: unknown, other: unknown): string {
  if (!Array.isArray(one) || !Array.isArray(other)) {
    return 'all of it';
  }
  const at = one.findIndex((entry, i) => !isDeepStrictEqual(entry, other[i]));
  const entry: Partial<Diagnostic> & { title?: string } = one[at] ?? other[one.length] ?? {};
  return String(entry.code ?? entry.title ?? 'an entry');
}

function outside(document: TextDocument, diagnostics: readonly Diagnostic[]): string | undefined {
  const isInside = (position: Position): boolean =>
    isDeepStrictEqual(document.positionAt(document.offsetAt(position)), position);
  const wrong = diagnostics.find(
    ({ range }) =>
      !isInside(range.start) ||
      !isInside(range.end) ||
      document.offsetAt(range.start) > document.offsetAt(range.end),
  );
  return wrong === undefined ? undefined : `range outside: ${wrong.code}`;
}

/** What the server has logged of exceptions, once. */
function failureIn(client: TestClient): string | undefined {
  const failure = client.log.find((line) => line.includes(' failed: '));
  client.log.length = 0;
  return failure?.split('\n').slice(0, 2).join(' ').slice(0, 300);
}

function writeProject(folder: string, { files = {}, links = {} }: Sample): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    // What Git tracks is a list in fixtures, and no index that Git could read.
    if (!path.startsWith('.git/')) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(target, join(folder, path));
  }
}
