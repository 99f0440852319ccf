/** The problems of a module as a whole: those without a setting shown below. An input without a wire offers what fits. */
import { CopyButton, UnstyledButton } from '@mantine/core'
import type { MouseEvent } from 'react'
import { wordsWithoutSubject, type Problem } from '../../core/base/problems'
import { missingExtra, type Param } from '../../core/catalogue/catalogue'
import { joinEnd } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { openSearch } from '../../state/view'
import { ProblemLine } from './Field'
import classes from './Inspector.module.css'

/** Lists the modules that give what the input takes; the chosen one is connected. */
function Offer({ node, port }: { node: string; port: string }) {
  const catalogue = useCatalogue()
  const readOnly = useDocument((state) => state.readOnly)
  const kind = useDocument((state) => catalogue.module(state.nodes[node]?.module ?? '')?.inputs.find(({ name }) => name === port)?.kind)
  if (!kind || readOnly) return null
  const open = ({ currentTarget }: MouseEvent) => {
    const { left, bottom } = currentTarget.getBoundingClientRect()
    openSearch({ at: [left, bottom + 4], place: [0, 0], joined: { end: joinEnd(node, port), side: 'input', kind }, anywhere: true })
  }
  return <UnstyledButton className={classes.link} onClick={open}>Add {catalogue.kind(kind).words}…</UnstyledButton>
}

/** The command that installs the extra of a node. */
function Command({ node }: { node: string }) {
  const catalogue = useCatalogue()
  const extra = missingExtra(catalogue.module(useDocument((state) => state.nodes[node]?.module ?? '')))
  if (!extra) return null
  return <CopyButton value={extra.command}>{({ copied, copy }) => <UnstyledButton className={classes.link} onClick={copy}>{copied ? 'Copied' : 'Copy the command'}</UnstyledButton>}</CopyButton>
}

const isOpenInput = ({ severity, port, edge }: Problem) => severity === 'unfinished' && port !== null && edge === null

export function NodeProblems({ id, shown }: { id: string; shown: Param[] }) {
  const problems = useCheck((state) => state.byNode[id])?.filter((problem) => !shown.some((param) => param.name === problem.param)) ?? []
  if (problems.length === 0) return null
  return (
    <div className={classes.problems}>
      {problems.map((problem, at) => (
        <ProblemLine key={at} severity={problem.severity}>
          {wordsWithoutSubject(problem, 1)} {problem.remedy}
          {isOpenInput(problem) && problem.port && <> <Offer node={id} port={problem.port} /></>}
          {problem.code === 'extra_missing' && <> <Command node={id} /></>}
        </ProblemLine>
      ))}
    </div>
  )
}
