import type { CommandStep } from '../model/commands.ts';
import { operands } from '../syntax/shell/script.ts';
import { packageManagers, readInstall } from './index.ts';

/** Commands that handle files, users and system packages: what a project declares for development is nothing to them. */
const systemCommands =
  /^(?:mkdir|rmdir|chown|chgrp|chmod|rm|cp|mv|ln|ls|cat|echo|printf|sed|awk|grep|find|touch|install|cd|export|set|unset|true|test|\[|:|exit|tee|sort|head|tail|cut|tr|xargs|sync|tar|unzip|gzip|gunzip|xz|curl|wget|apt-get|apt|apt-key|dpkg|apk|dnf|microdnf|yum|tdnf|zypper|groupadd|useradd|usermod|groupmod|userdel|addgroup|adduser|deluser|passwd|id|which|command|ldconfig|update-ca-certificates|locale-gen|setcap|git|date|uname|a2enmod|a2dismod|a2ensite|docker-php-ext-install|docker-php-ext-configure|docker-php-ext-enable|pecl|corepack)$/;

/** Tasks of frameworks that prepare the program itself, and run with what it needs in production. */
const productionTask =
  /^(?:manage\.py|\.\/manage\.py) (?:collectstatic|compilemessages|migrate)\b|^(?:\.\/)?(?:artisan|bin\/console) /;

/** True for a command that runs something of the project, which may need what is declared for development, or compilers. */
export function runsProject({ command }: CommandStep): boolean {
  const { name } = command;
  if (name === undefined || systemCommands.test(name) || readInstall(command) !== undefined) {
    return false;
  }
  const verb = operands(command)[0]?.value;
  const manager = packageManagers.find((one) => one.programs.includes(name));
  if (manager !== undefined) {
    return verb !== undefined && !manager.ownVerbs.test(verb);
  }
  const words = command.args.map((word) => word.text).join(' ');
  return !(
    /^(?:python[\d.]*|php)$/.test(name) &&
    (productionTask.test(words) || /^-m (?:pip|venv|ensurepip)\b|^-[cr] /.test(words))
  );
}
