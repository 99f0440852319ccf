/** One module of the pipeline: settings, notes, ports and last run. */
import { Text, Textarea, TextInput } from '@mantine/core'
import { isShown, type InputPort, type Module, type OutputPort, type Param } from '../../core/catalogue/catalogue'
import type { GraphNode } from '../../core/graph/graph'
import { wordsWithoutSubject } from '../../core/base/problems'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { setWords } from '../../state/edit'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { Tile } from '../../ui/Tile'
import { Field } from './Field'
import { ExecutionSettings } from './ExecutionSettings'
import classes from './Inspector.module.css'
import { RunDetails } from './RunDetails'
import { useDraft } from './useDraft'
import { EstimateLine } from './EstimateLine'

function Head({ id, node, module, readOnly }: { id: string; node: GraphNode; module: Module | undefined; readOnly: boolean }) {
  const catalogue = useCatalogue()
  const title = useDraft(node.title ?? '', (words) => setWords(id, 'title', words))
  return (
    <header className={classes.head}>
      <Tile icon={module?.icon} hue={catalogue.hue(module?.shelf ?? '')} size={36} />
      <TextInput variant="unstyled" size="sm" flex={1} classNames={{ input: classes.titleInput }} placeholder={module?.title ?? id} aria-label="Title" readOnly={readOnly} {...title} />
    </header>
  )
}

function Comment({ id, node, readOnly }: { id: string; node: GraphNode; readOnly: boolean }) {
  const comment = useDraft(node.comment ?? '', (words) => setWords(id, 'comment', words))
  return <Textarea label="Comment" placeholder="A note shown on the card" size="xs" autosize minRows={1} maxRows={6} readOnly={readOnly} {...comment} />
}

function PortLine({ port, word }: { port: InputPort | OutputPort; word: string }) {
  const kind = useCatalogue().kind(port.kind)
  const optional = 'optional' in port && port.optional ? ', optional' : ''
  return (
    <div className={classes.port}>
      <PortKindIcon kind={kind} size={10} />
      <span>{port.title}</span>
      <span className={classes.faint}>{word} {kind.words}{optional}</span>
    </div>
  )
}

function About({ module }: { module: Module }) {
  return (
    <details className={classes.section}>
      <summary>About this module</summary>
      {(module.help || module.summary).split(/\n{2,}/).map((paragraph, at) => <Text key={at} fz={13} mt={6}>{paragraph}</Text>)}
      <div className={classes.ports}>
        {module.inputs.map((port) => <PortLine key={port.name} port={port} word="takes" />)}
        {module.outputs.map((port) => <PortLine key={port.name} port={port} word="gives" />)}
      </div>
    </details>
  )
}

/** Problems of the node as a whole: those without a setting shown below. */
function ProblemsOfNode({ id, shown }: { id: string; shown: Param[] }) {
  const problems = useCheck((state) => state.byNode[id])
  return problems?.filter((problem) => !shown.some((param) => param.name === problem.param)).map((problem, at) => (
    <Text key={at} fz={12} className={classes.problem} data-severity={problem.severity}>{wordsWithoutSubject(problem, 1)} {problem.remedy}</Text>
  ))
}

export function NodeSettings({ id, node }: { id: string; node: GraphNode }) {
  const module = useCatalogue().module(node.module)
  const readOnly = useDocument((state) => state.readOnly)
  const all = useDocument((state) => state.execution)
  const shown = module?.params.filter((param) => isShown(param, module, node.params)) ?? []
  return (
    <>
      <Head id={id} node={node} module={module} readOnly={readOnly} />
      <div className={classes.body}>
        <Text fz={13} c="dimmed">{module ? module.summary : `The module ${node.module} is not installed.`}</Text>
        <ProblemsOfNode id={id} shown={shown} />
        {shown.map((param) => <Field key={param.name} node={id} param={param} params={node.params} readOnly={readOnly} />)}
        {module && module.params.length === 0 && <Text fz={13} c="dimmed">This module has no settings.</Text>}
        <Comment id={id} node={node} readOnly={readOnly} />
        <EstimateLine node={id} limit={node.execution?.memory_mb ?? all?.memory_mb} />
        <ExecutionSettings node={id} execution={node.execution} all={all} runsCode={module?.runs_code ?? false} readOnly={readOnly} />
        <RunDetails node={id} />
        {module && <About module={module} />}
      </div>
    </>
  )
}
