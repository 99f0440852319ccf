import { navigate } from 'wouter/use-browser-location'
import { isFinished } from '../../core/runs/runs'
import { scoredOutputs, scoringAddress } from '../../core/runs/scoring'
import type { Contributions } from '../../state/contributions'
import { useRun } from '../../state/run'

/** The run on the screen, once it has ended and scores rows. */
function scoringRun() {
  const { run } = useRun.getState()
  return run && isFinished(run.state) && scoredOutputs(run).length > 0 ? run : null
}

function open() {
  const run = scoringRun()
  if (run) navigate(scoringAddress(run.id))
}

export const contributions: Contributions = {
  commands: [{ id: 'scoring', title: 'Scoring pipeline', section: 'View', keys: [], run: open, can: () => scoringRun() !== null, whenPossible: true }],
}
