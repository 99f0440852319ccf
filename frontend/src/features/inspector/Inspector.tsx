/** The settings, words, ports and last run of what is chosen. */
import { Text, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { isShown, KIND_WORDS, type InputPort, type Module, type OutputPort, type Param } from '../../core/catalogue'
import type { GraphNode } from '../../core/graph'
import { wordsBeside } from '../../core/problems'
import { useCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { useDocument } from '../../state/document'
import { setWords } from '../../state/edit'
import { onlyChosen, useSelection } from '../../state/selection'
import { useView } from '../../state/view'
import { KindMark } from '../../ui/KindMark'
import { ShelfIcon, shelfColour } from '../../ui/ShelfIcon'
import { Field } from './Field'
import { HowItRuns } from './HowItRuns'
import classes from './Inspector.module.css'
import { RunDetails } from './RunDetails'
import { Several } from './Several'
import { useDraft } from './useDraft'
import { WhatItTakes } from './WhatItTakes'

function Head({ id, node, module, readOnly }: { id: string; node: GraphNode; module: Module | undefined; readOnly: boolean }) {
  const catalogue = useCatalogue()
  const title = useDraft(node.title ?? '', (words) => setWords(id, 'title', words))
  return (
    <header className={classes.head}>
      <span style={{ color: shelfColour(catalogue.hue(module?.shelf ?? '')), display: 'flex' }}><ShelfIcon shelf={module?.shelf ?? ''} size={18} /></span>
      <TextInput variant="unstyled" size="sm" flex={1} classNames={{ input: classes.titleInput }} placeholder={module?.title ?? id} aria-label="Title" readOnly={readOnly} {...title} />
    </header>
  )
}

function Comment({ id, node, readOnly }: { id: string; node: GraphNode; readOnly: boolean }) {
  const comment = useDraft(node.comment ?? '', (words) => setWords(id, 'comment', words))
  return <Textarea label="Comment" placeholder="A note on the card, for the next person" size="xs" autosize minRows={1} maxRows={6} readOnly={readOnly} {...comment} />
}

function PortLine({ port, word }: { port: InputPort | OutputPort; word: string }) {
  const optional = 'optional' in port && port.optional ? ', optional' : ''
  return (
    <div className={classes.port}>
      <KindMark kind={port.kind} size={10} />
      <span>{port.title}</span>
      <span className={classes.faint}>{word} {KIND_WORDS[port.kind]}{optional}</span>
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

/** Problems of the node as a whole: those that belong to no setting shown below. */
function ProblemsOfNode({ id, called, shown }: { id: string; called: string; shown: Param[] }) {
  const problems = useCheck((state) => state.byNode[id])
  return problems?.filter((problem) => !shown.some((param) => param.name === problem.param)).map((problem, at) => (
    <Text key={at} fz={12} className={classes.problem} data-severity={problem.severity}>{wordsBeside(problem, called)} {problem.remedy}</Text>
  ))
}

function One({ id, node }: { id: string; node: GraphNode }) {
  const module = useCatalogue().module(node.module)
  const readOnly = useDocument((state) => state.readOnly)
  const all = useDocument((state) => state.execution)
  const called = node.title || (module?.title ?? id)
  const shown = module?.params.filter((param) => isShown(param, module, node.params)) ?? []
  return (
    <>
      <Head id={id} node={node} module={module} readOnly={readOnly} />
      <div className={classes.body}>
        <Text fz={13} c="dimmed">{module ? module.summary : `The module ${node.module} is not installed here.`}</Text>
        <ProblemsOfNode id={id} called={called} shown={shown} />
        {shown.map((param) => <Field key={param.name} node={id} called={called} param={param} params={node.params} readOnly={readOnly} />)}
        {module && module.params.length === 0 && <Text fz={13} c="dimmed">Nothing to set here.</Text>}
        <Comment id={id} node={node} readOnly={readOnly} />
        <WhatItTakes node={id} limit={node.execution?.memory_mb ?? all?.memory_mb} />
        <HowItRuns node={id} execution={node.execution} all={all} runsCode={module?.runs_code ?? false} readOnly={readOnly} />
        <RunDetails node={id} />
        {module && <About module={module} />}
      </div>
    </>
  )
}

/** The help of the setting that has the focus: always at the same place, where it covers nothing. */
function useHelp() {
  const [help, setHelp] = useState('')
  const onFocus = ({ target }: FocusEvent<Element>) => setHelp(target.closest('[data-help]')?.getAttribute('data-help') ?? '')
  const onBlur = () => setHelp('')
  return { help, listeners: { onFocus, onBlur } }
}

/** Escape leads from a setting back to its card; a list that is open, or a number that is not taken, has it first. */
function backToCard(event: KeyboardEvent, id: string | null) {
  const target = event.target as Element
  if (event.key !== 'Escape' || event.defaultPrevented || target.getAttribute('aria-expanded') === 'true' || target.getAttribute('aria-invalid') === 'true') return
  event.preventDefault()
  useView.getState().canvas?.focus(id)
}

/** A request to go to the settings puts the focus on the first one. */
function useEntering() {
  const panel = useRef<HTMLElement>(null)
  const asked = useView((view) => view.toSettings)
  const answered = useRef(asked)
  useEffect(() => {
    if (asked === answered.current) return
    answered.current = asked
    const title = asked?.to === 'title' && panel.current?.querySelector<HTMLInputElement>('header input')
    if (title) {
      title.select()
      return
    }
    const first = '[data-help] :is(input, textarea, button, [contenteditable=true]):not([tabindex="-1"])'
    ;(panel.current?.querySelector<HTMLElement>(first) ?? panel.current?.querySelector<HTMLElement>('input, textarea, button'))?.focus()
  }, [asked])
  return panel
}

/** Nothing is selected: what holds for all. */
function Whole() {
  const execution = useDocument((state) => state.execution)
  const readOnly = useDocument((state) => state.readOnly)
  const loaded = useDocument((state) => state.loaded)
  return (
    <div className={classes.body}>
      <Text fz={14} fw={600}>Nothing selected</Text>
      <Text fz={13} c="dimmed">Select a module on the canvas to set it up and to see how its last run went. Hold Shift and drag to select several.</Text>
      {loaded && <HowItRuns node={null} execution={execution} readOnly={readOnly} />}
    </div>
  )
}

export function Inspector() {
  const id = useSelection(onlyChosen)
  const count = useSelection((state) => state.nodes.size)
  const node = useDocument((state) => (id ? state.nodes[id] : undefined))
  const panel = useEntering()
  const { help, listeners } = useHelp()
  return (
    <section ref={panel} className={`${classes.inspector} dense`} aria-label="Settings" onKeyDown={(event) => backToCard(event, id)} {...listeners}>
      <div className={classes.scroller}>{id && node ? <One key={id} id={id} node={node} /> : count > 1 ? <Several count={count} /> : <Whole />}</div>
      {help && <p className={classes.help} aria-hidden>{help}</p>}
    </section>
  )
}
