import { dotnetImages } from '../../images/families/runtime-bases.ts';
import { parseImageReference } from '../../images/reference.ts';
import { normalizePath } from '../../model/paths.ts';
import { type DotnetProject, readDotnetProject } from '../../project/formats/msbuild.ts';
import { hasOption, knownArgs } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { readSources, sourceFiles } from '../source-text.ts';
import { dotnetToolchain } from './toolchain.ts';

/** Takes a .NET project apart: what `dotnet publish` wrote, on the runtime without the SDK. */
export function planDotnet(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, workdir } = input;
  const publishes = input.builds.filter(({ command }) => command.args[0]?.value === 'publish');
  const publish = publishes[0];
  const started = input.facts.startedProgram();
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  if (started.word.endsWith('dotnet') && ['run', 'watch'].includes(started.args[0] ?? '')) {
    return {
      code: 'starts-through-build-tool',
      reason: `The container starts through \`dotnet ${started.args[0]}\`, which builds once more.`,
    };
  }
  if (publish === undefined || publishes.length > 1) {
    return {
      code: 'output-unknown',
      reason: 'Nothing is published once: what the program consists of is not known.',
    };
  }
  const output = outputOf(knownArgs(publish.command));
  if (output === undefined || publish.directory === undefined) {
    return {
      code: 'output-unknown',
      reason: 'Where `dotnet publish` writes is not known; `-o` would say it.',
    };
  }
  const folder = normalizePath(output.startsWith('/') ? output : `${publish.directory}/${output}`);
  const here = input.stage.end.workdir ?? '/';
  const isOwn = !started.word.endsWith('dotnet');
  const named = isOwn ? started.word : (started.args[0] ?? '');
  const path = normalizePath(named.startsWith('/') ? named : `${here}/${named}`);
  const inShell = shellStart(input, named, path.slice(folder.length + 1));
  const needsShell = started.needsShell || started.isWrapped;
  if (path.slice(0, path.lastIndexOf('/')) !== folder || (needsShell && inShell === undefined)) {
    return {
      code: 'program-not-built',
      reason: `The container starts ${named || started.word}, and it is not what \`dotnet publish\` writes.`,
    };
  }
  const projects = sourceFiles(project, directory, /\.(?:csproj|fsproj|vbproj)$/).flatMap(
    ({ text }) => readDotnetProject(text) ?? [],
  );
  const base = runtimeImage(input, projects, isOwn);
  if (typeof base !== 'string') {
    return base;
  }
  const sources = readSources(project, directory, /\.(?:cs|fs|json)$/);
  const stays = folder === here;
  const words = [...(isOwn ? [] : ['dotnet']), `${isOwn ? './' : ''}${path.slice(folder.length + 1)}`];
  const rest = isOwn ? started.args : started.args.slice(1);
  const isWeb = base.includes('/aspnet:');
  const setsPort =
    ['ASPNETCORE_URLS', 'ASPNETCORE_HTTP_PORTS', 'URLS'].some((name) =>
      input.stage.end.environment.has(name),
    ) ||
    started.args.some((word) => word.startsWith('--urls')) ||
    /UseUrls|ListenAnyIP|ListenLocalhost|"Kestrel"|Urls\.Add|"Urls"/.test(sources);
  return {
    base,
    content: 'built',
    // The images without the SDK have neither of the usual programs for a probe.
    packages: input.facts.programPackages(
      input.facts.calledPrograms(''),
      base.includes('alpine') ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'tar', 'gzip'],
    ),
    change: (at) =>
      input.commands.some(({ command }) => hasOption(command, '--no-restore'))
        ? undefined
        : changeBuild(at, input),
    // The folder that the program stands in is where it looks for its settings: what was published belongs there.
    copies: [{ from: folder, to: stays ? folder : here === '/' ? workdir : here, isFile: false }],
    start: needsShell ? inShell : stays && !started.isShell ? undefined : [...words, ...rest],
    ...(/sqlite|Data Source=(?!.*[:;]\d)|LiteDB|File\.(?:Write|Append|Create)|Directory\.CreateDirectory/i.test(
      sources,
    )
      ? { writtenFolder: here }
      : {}),
    needless: ['the .NET SDK', 'the packages of NuGet', 'the sources'],
    assumptions: [
      'The program runs from what `dotnet publish` wrote.',
      ...(isWeb && !setsPort
        ? ['No setting names a port: the image of ASP.NET Core listens on 8080 from .NET 8 on, on 80 before.']
        : []),
    ],
  };
}

/** The start command in shell form with the program under its new name; undefined where it is not one plain command. */
function shellStart({ start }: PlanInput, word: string, name: string): readonly string[] | undefined {
  const text = start.cmd === undefined ? '' : argumentText(start.cmd.step.instruction);
  const isPlain =
    start.entrypoint === undefined &&
    start.cmd?.form === 'shell' &&
    !/[;&|<>`]|\$\(/.test(text) &&
    text.split(word).length === 2;
  const [before = '', behind = ''] = text.split(word);
  // The shell gives way to the program, so that signals reach it.
  const isNamedFirst = /^(?:\w+=\S*\s+)*(?:exec\s+)?(?:dotnet\s+)?$/.test(before);
  const own = word.includes('.dll') ? name : `./${name}`;
  return isPlain && isNamedFirst
    ? ['sh', '-c', `${before.replace(/exec\s+/, '').replace(/(dotnet\s+)?$/, 'exec $1')}${own}${behind}`]
    : undefined;
}

function outputOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-o' || word === '--output');
  return at >= 0
    ? words[at + 1]?.replace(/\/$/, '')
    : words.find((word) => /^(?:-o|--output)=/.test(word))?.replace(/^[^=]*=|\/$/g, '');
}

/** The image of the same version and system that runs what the project's SDK builds. */
function runtimeImage(
  input: PlanInput,
  projects: readonly DotnetProject[],
  isOwn: boolean,
): string | Refusal {
  const reference = parseImageReference(input.baseName);
  const images = dotnetImages(reference);
  if (images === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `${input.baseName} is not the image of the .NET SDK with a version.`,
    };
  }
  if (projects.some(({ sdk }) => sdk?.includes('BlazorWebAssembly') === true)) {
    return {
      code: 'site-server-unknown',
      reason: 'A part of the project runs in browsers, and which server gives it out is not known.',
    };
  }
  const words = input.builds.flatMap(({ command }) => command.args.map((word) => word.text)).join(' ');
  const isAlone =
    /--self-contained(?:\s+true|=true|\s|$)|\bPublishAot\b|PublishSingleFile=true/.test(`${words} `) ||
    projects.some(({ properties }) =>
      ['publishaot', 'selfcontained', 'publishsinglefile'].some((name) =>
        /^true$/i.test(properties[name] ?? ''),
      ),
    );
  const isWeb = projects.some(
    ({ sdk = '', frameworks }) =>
      /^Microsoft\.NET\.Sdk\.(?:Web|Razor)/.test(sdk) || frameworks.includes('Microsoft.AspNetCore.App'),
  );
  const kind = isAlone && isOwn ? 'runtime-deps' : isWeb ? 'aspnet' : 'runtime';
  return images(kind);
}

/** The packages are needed by the restore and by the build alike. */
function changeBuild(
  at: Parameters<RuntimePlan['change']>[0],
  input: PlanInput,
): ReturnType<RuntimePlan['change']> {
  const caches = dotnetToolchain.caches(at, input.traits);
  return caches.length === 0 ? undefined : { caches };
}
