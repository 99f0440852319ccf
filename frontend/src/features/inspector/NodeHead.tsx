/** The head of a module's panel: icon, name, and the help of its module. */
import { Popover, Text, Textarea, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import type { InputPort, Module, OutputPort } from '../../core/catalogue/catalogue'
import type { GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { setWords } from '../../state/edit'
import { helpAddress, helpQuery } from '../../state/help'
import { PortKindIcon } from '../../ui/PortKindIcon'
import { Tile } from '../../ui/Tile'
import classes from './Inspector.module.css'
import { Head } from './Part'
import { useDraft } from './useDraft'

const MENU = ['run_to', 'run_force_chosen', 'results', 'log', 'copy_chosen', 'duplicate', 'fit_chosen', 'module_help', 'delete']

function Ports({ title, ports }: { title: string; ports: readonly (InputPort | OutputPort)[] }) {
  const catalogue = useCatalogue()
  if (ports.length === 0) return null
  return (
    <>
      <h3 className={classes.helpTitle}>{title}</h3>
      {ports.map((port) => {
        const kind = catalogue.kind(port.kind)
        return (
          <div key={port.name} className={classes.line}>
            <PortKindIcon kind={kind} size={10} />
            <span>{port.title}</span>
            <span className={classes.value}>{kind.words}{'optional' in port && port.optional ? ', optional' : ''}</span>
          </div>
        )
      })}
    </>
  )
}

/** What stands between backticks, as code. */
const withCode = (text: string) => text.split('`').map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part))

/** What it does at once, and how once it has loaded. */
function HelpText({ module }: { module: Module }) {
  const { data } = useQuery(helpQuery(module.id))
  return [module.summary, ...(data?.text ?? [])].map((paragraph, at) => <Text key={at} fz={13} lh="20px">{withCode(paragraph)}</Text>)
}

function Help({ module }: { module: Module }) {
  return (
    <Popover width={360} position="left-start" trapFocus returnFocus withRoles>
      <Popover.Target><UnstyledButton className={classes.link}>Help</UnstyledButton></Popover.Target>
      <Popover.Dropdown className={classes.helpBox} aria-label={`About ${module.title}`} tabIndex={0} data-autofocus>
        <h3 className={classes.helpTitle}>{module.title}</h3>
        <HelpText module={module} />
        <Ports title="Inputs" ports={module.inputs} />
        <Ports title="Outputs" ports={module.outputs} />
        <a className={classes.link} href={helpAddress(module.id)} target="_blank" rel="noopener">Settings, errors and an example</a>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A name has one line of text, which wraps. */
export const leaveOnEnter = (event: KeyboardEvent<HTMLElement>) => {
  if (event.key !== 'Enter') return
  event.preventDefault()
  event.currentTarget.blur()
}

export function NodeHead({ id, node, module, readOnly }: { id: string; node: GraphNode; module: Module | undefined; readOnly: boolean }) {
  const catalogue = useCatalogue()
  const title = useDraft(node.title ?? '', (words) => setWords(id, 'title', words.replaceAll('\n', ' ')))
  return (
    <Head
      tile={<Tile icon={module?.icon} hue={catalogue.hue(module?.shelf ?? '')} size={36} />}
      title={<Textarea variant="unstyled" autosize minRows={1} maxRows={3} classNames={{ input: classes.name }} placeholder={module?.title ?? id} aria-label="Title" readOnly={readOnly} onKeyDown={leaveOnEnter} {...title} />}
      line={module ? <>{module.title} · <Help module={module} /></> : `The module ${node.module} is not installed.`}
      menu={MENU} label="Module actions"
    />
  )
}
