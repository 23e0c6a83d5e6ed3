import { usualServers } from '../../ecosystems/index.ts';
import type { Stage } from '../../model/dockerfile.ts';
import type { AnalysisContext } from '../context.ts';
import { type DeployedService, deployedServices } from '../deployment/deployment.ts';
import { calledByText } from './called.ts';
import { projectScripts } from './project-scripts.ts';

/** Words of commands that wait for work and serve nothing. */
const waits =
  /(?:^|[\s:_/-])(?:celery|rq|sidekiq|worker|workers|scheduler|beat|flower|consumer|consume|queue|cron|listener|resque|arq|dramatiq|huey|horizon|poller|bot)(?:$|[\s:_./-])/i;

/** Words of commands that come to an end before anybody asks how they are. */
const ends =
  /(?:^|[\s:_/-])(?:migrate|migrations?|upgrade|seed|setup|init|collectstatic|createsuperuser|create_db|test|tests|pytest|jest|vitest|lint|build)(?:$|[\s:_./-])/i;

/**
 * Why a probe in the image may call a container of it ill: several services of a Compose file start from it, and one of them runs
 * a command of its own that is no server, does not open the port, and says nothing of its health. Undefined where none was found.
 */
export function otherService(
  context: AnalysisContext,
  stage: Stage,
  { port, portVariable }: { readonly port: number; readonly portVariable: string | undefined },
): string | undefined {
  const { stages, final } = context.dockerfile;
  const services = deployedServices(context.project).filter(
    ({ target }) =>
      stage ===
      (target === undefined
        ? final
        : stages.find(({ name }) => name?.toLowerCase() === target.toLowerCase())),
  );
  const opens = ({ service }: DeployedService): boolean =>
    service.ports.some((one) => !/^\d+$/.test(one) || Number(one) === port) ||
    (service.ports.length > 0 &&
      portVariable !== undefined &&
      service.environment[portVariable] !== undefined);
  const others =
    services.length < 2 ? [] : services.filter((one) => !opens(one) && startsOther(one, context));
  const other = others.find(({ service }) => waits.test(service.command)) ?? others[0];
  return other === undefined
    ? undefined
    : `${other.by} runs \`${other.service.command.replaceAll("'", '')}\` in the same image and does not open port ${port}, so that a probe of it may call it ill`;
}

/** True for a service whose own command is neither a server that waits at its usual place nor one that soon ends. */
function startsOther({ service }: DeployedService, { project, shell }: AnalysisContext): boolean {
  const { command, isProbed, ports } = service;
  if (command === '' || isProbed) {
    return false;
  }
  const called = calledByText(command, projectScripts(project), shell).commands;
  const lines = [command.replaceAll("'", ''), ...called.map(({ words }) => words.join(' '))];
  const isServer = usualServers.some((server) => lines.some((line) => server.command.test(`${line} `)));
  return !lines.some((line) => ends.test(line)) && (!isServer || ports.length > 0);
}
