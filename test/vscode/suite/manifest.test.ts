/** What the packaged extension says of itself: pictures, texts and commands that it names have to be there. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { read } from '../editor.ts';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: {
    readonly markdown?: string;
    readonly image?: Record<string, string>;
    readonly altText?: string;
  };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Record<string, object>;
    }[];
  };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('ballast.ballast');
  assert.ok(found);
  return found;
}

function manifest(): Manifest['contributes'] {
  return (extension().packageJSON as Manifest).contributes;
}

suite('the manifest', () => {
  test('every step of the walkthrough has its picture and its command', async () => {
    await vscode.workspace.openTextDocument({ language: 'dockerfile', content: 'FROM node:22\n' });
    await extension().activate();
    const known = new Set(await vscode.commands.getCommands());
    const steps = manifest().walkthroughs.flatMap((one) => one.steps);
    assert.ok(steps.length >= 7);
    for (const { id, description, media, completionEvents } of steps) {
      const files = [
        ...Object.values(media.image ?? {}),
        ...(media.markdown === undefined ? [] : [media.markdown]),
      ];
      assert.ok(files.length > 0, id);
      for (const file of files) {
        const { size } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension().extensionUri, file));
        assert.ok(size > 100, file);
      }
      assert.ok(media.image === undefined || media.altText, `${id} has words for its picture`);
      const linked = [...description.matchAll(/\(command:([\w.-]+)/g)].map(([, command = '']) => command);
      const awaited = completionEvents.flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []);
      assert.ok(linked.length > 0, `${id} has a button`);
      for (const command of [...linked, ...awaited]) {
        assert.ok(known.has(command), `${id}: ${command}`);
      }
    }
  });

  test('no text is left unnamed, and every command is registered', async () => {
    assert.doesNotMatch(JSON.stringify(manifest()), /"%[\w.-]+%"/);
    const known = new Set(await vscode.commands.getCommands());
    for (const { command } of manifest().commands) {
      assert.ok(known.has(command), command);
    }
  });

  test('settings stand in groups', () => {
    const groups = manifest().configuration;
    assert.ok(groups.length >= 4 && groups.every(({ title }) => title !== ''));
    assert.ok('ballast.rules' in (groups[0]?.properties ?? {}));
  });

  test('pictures of the README have absolute addresses, for dark windows too', async () => {
    const text = await read(vscode.Uri.joinPath(extension().extensionUri, 'readme.md'));
    const addresses = [...text.matchAll(/\b(?:src|srcset)="([^"]*)"/g)].map(([, address = '']) => address);
    assert.ok(addresses.some((address) => address.endsWith('.webp')));
    for (const address of addresses) {
      assert.match(
        address,
        /^https:\/\/github\.com\/[\w/-]+\/raw\/HEAD\/docs\/images\/[\w-]+\.(?:png|webp)$/,
      );
    }
  });
});
