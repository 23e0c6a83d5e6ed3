import { writeBuilderStage } from './builder-stage.ts';
import { FinalStage } from './final-stage.ts';
import { piecesOf } from './pieces.ts';
import { type PlannedStages, StageText } from './stage-text.ts';

/** The whole file with the two stages in place of the one. */
export function writeStages(planned: PlannedStages): string {
  const { dockerfile, stage } = planned;
  const { start, end } = piecesOf(dockerfile, stage);
  const text = new StageText(planned);
  const names = new Set(dockerfile.stages.map((one) => one.name?.toLowerCase()));
  const builderName =
    ['builder', 'build', 'builder-stage'].find((name) => !names.has(name)) ?? 'ballast-builder';
  const lines = [
    ...writeBuilderStage(planned, text, builderName),
    '',
    ...new FinalStage(planned, text, builderName).write(),
  ];
  const rest = dockerfile.text.slice(end);
  return (
    dockerfile.text.slice(0, start) +
    lines.join(text.layout.lineBreak) +
    (rest === '' && !dockerfile.text.endsWith('\n') ? '' : text.layout.lineBreak) +
    rest
  );
}
