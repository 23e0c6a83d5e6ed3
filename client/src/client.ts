import type { LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { commands, type Environment, environmentNotification } from '../../server/src/lsp/messages.ts';
import { readEnvironment } from './environment.ts';
import { documentSelector } from './selector.ts';
import type { StatusItem } from './status.ts';

/** The connection to the language server. Starts and stops happen one after another, however often they are asked for. */
export class BallastClient {
  private readonly serverModule: string;
  private readonly log: LogOutputChannel;
  private readonly status: StatusItem;
  private client: LanguageClient | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(serverModule: string, log: LogOutputChannel, status: StatusItem) {
    this.serverModule = serverModule;
    this.log = log;
    this.status = status;
  }

  start(): Promise<void> {
    return this.queue(async () => {
      this.client ??= await this.create();
      await this.client.start();
    });
  }

  restart(): Promise<void> {
    void this.stop();
    return this.start();
  }

  stop(): Promise<void> {
    return this.queue(async () => {
      if (this.client?.needsStop()) {
        await this.client.stop();
      }
    });
  }

  /** Tells the server what has changed around it. A server that is not running reads it when it starts. */
  send(environment: Environment): void {
    this.tell(environmentNotification, environment);
  }

  /** Tells the server something, where it is running. */
  tell(notification: string, params: object): void {
    if (this.client?.isRunning()) {
      void this.client.sendNotification(notification, params);
    }
  }

  /** Asks the server something; undefined where it has no answer, or is not running. */
  async ask<Answer>(request: string, params: object): Promise<Answer | undefined> {
    await this.last;
    const isRunning = this.client?.isRunning() === true;
    return (isRunning && (await this.client?.sendRequest<Answer | null>(request, params))) || undefined;
  }

  private async create(): Promise<LanguageClient> {
    // Loaded only now: the library is most of what the client weighs, and activation does not wait for it.
    const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
    const client = new LanguageClient(
      'ballast',
      'Ballast',
      { module: this.serverModule, transport: TransportKind.ipc },
      {
        documentSelector,
        outputChannel: this.log,
        // The hover of a COPY has links that leave a path out of the build context.
        markdown: { isTrusted: { enabledCommands: [commands.exclude] } },
        initializationOptions: () => ({ environment: readEnvironment(), views: true }),
      },
    );
    const names = {
      [State.Stopped]: 'stopped',
      [State.Starting]: 'starting',
      [State.StartFailed]: 'failed',
      [State.Running]: 'running',
    } as const;
    client.onDidChangeState(({ newState }) => this.status.show(names[newState]));
    return client;
  }

  private queue(step: () => Promise<void>): Promise<void> {
    this.last = this.last.then(step).catch((error) => {
      this.status.show('failed');
      this.log.error(error instanceof Error ? error : String(error));
    });
    return this.last;
  }
}
