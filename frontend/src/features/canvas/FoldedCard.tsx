/** A sub-pipeline as one card: the state of its modules together, and the ports that its outside uses. */
import { Tooltip, UnstyledButton } from '@mantine/core'
import { counted } from '../../core/base/numbers'
import { mostSevere } from '../../core/base/problems'
import { nodeTitle } from '../../core/graph/connect'
import { itemWords, repeaterOf } from '../../core/graph/forEach'
import type { GraphNode } from '../../core/graph/graph'
import { useCatalogue } from '../../state/catalogue'
import { useComponentOf } from '../../state/components'
import { currentGraph, useDocument } from '../../state/document'
import { showNode, withFolded } from '../../state/drawn'
import { useRun } from '../../state/run'
import { showTab } from '../../state/view'
import { hueStyle } from '../../ui/hueStyle'
import { GAPS_WORDS, STATE_WORDS, StateMark } from '../../ui/StateMark'
import { Tile } from '../../ui/Tile'
import classes from './Card.module.css'
import { CardProblems } from './CardProblems'
import { alertWords } from './cardTold'
import { Ports } from './Port'
import { Ring } from './Ring'
import { useChanged } from './useChanged'
import { useDetail } from './useDistance'
import { cardNameId } from './useFlowElements'
import { useFolded, type Folded } from './useFolded'

interface Props {
  id: string
  node: GraphNode
}

const useTitle = (node: string | null) => {
  const catalogue = useCatalogue()
  return node === null ? '' : nodeTitle(currentGraph(), catalogue, node)
}

/** "2 of 5 done · Train Model". */
const progressWords = ({ finished, members }: Folded, at: string) => [`${finished} of ${members.length} done`, at].filter(Boolean).join(' · ')

function Corner({ folded }: { folded: Folded }) {
  const { shown, problems, finished, members } = folded
  const changed = useChanged(shown)
  if (!shown) return <span className={classes.corner} />
  if (shown === 'problem' || shown === 'caution') return <span className={classes.corner}><CardProblems problems={problems} /></span>
  const state = shown === 'memory' || shown === 'gaps' ? 'warning' : shown
  const words = shown === 'gaps' ? GAPS_WORDS : STATE_WORDS[state]
  return (
    <span className={classes.corner} data-still={!changed || undefined}>
      <Tooltip label={progressWords(folded, '')} position="right"><span role="img" aria-label={words}><StateMark state={state} progress={state === 'running' ? finished / members.length : null} /></span></Tooltip>
    </span>
  )
}

/** Which module failed, and why; a click goes there. */
function Alert({ node }: { node: string }) {
  const error = useRun(({ run }) => run?.steps[node]?.error)
  const title = useTitle(node)
  if (!error) return null
  const { words, remedy } = alertWords(error)
  const show = () => {
    showNode(node)
    showTab('log')
  }
  return <UnstyledButton className={`${classes.alert} nodrag`} title={`${title}: ${words} ${remedy}`} onClick={show}><span><b>{title}: {words}</b> <span className={classes.remedy}>{remedy}</span></span></UnstyledButton>
}

function Spoken({ id, node, folded, at, items, newer }: Props & { folded: Folded; at: string; items: string | null; newer: string | null }) {
  const { state, problems, stale, members } = folded
  const wrong = problems.length > 0 && (mostSevere(problems) === 'unfinished' ? 'not finished' : counted(problems.length, 'problem'))
  const words = [node.title, `sub-pipeline of ${counted(members.length - Number(items !== null), 'module')}`, newer, items !== null && `repeated for ${items}`, state && `${STATE_WORDS[state].toLowerCase()}${at && `: ${at}`}`, stale && 'the result is outdated', wrong]
  return <span id={cardNameId(id)} className="visually-hidden">{words.filter(Boolean).join(', ')}</span>
}

export function FoldedCard({ id, node, selected }: Props & { selected: boolean }) {
  const catalogue = withFolded(useCatalogue())
  // Its ports follow the wires, and not only its own node.
  const module = useDocument(() => catalogue.module(node.module))
  const { distance, whole } = useDetail()
  const group = useDocument(({ groups }) => groups[id])
  const newest = useComponentOf(group)?.newest.version ?? 0
  const newer = group?.component && newest > group.component.version ? `Version ${newest} available` : null
  const folded = useFolded(id)
  const at = useTitle(folded.at)
  const near = distance === 'near'
  const items = useDocument(({ nodes }) => {
    const forEach = nodes[repeaterOf(nodes, id) ?? '']
    return forEach ? itemWords(forEach) : null
  })
  const progress = useRun(({ run }) => (items === null ? undefined : run?.steps[repeaterOf(currentGraph().nodes, id) ?? '']?.progress?.words))
  const stands = newer ?? (items === null ? counted(folded.members.length, 'module') : `For ${items} · ${counted(folded.members.length - 1, 'module')}`)
  return (
    <div
      className={`shelf ${classes.card} ${classes.folded}`} data-testid={`node-${id}`} data-state={folded.state ?? 'idle'} data-mark={folded.state} data-stale={folded.stale || undefined}
      data-selected={selected || undefined} data-distance={distance} style={hueStyle(catalogue.hue(''))}
    >
      {distance !== 'farthest' && (
        <span className={classes.head}>
          <Tile icon={module?.icon} hue={catalogue.hue('')} size={near ? 28 : 36} />
          {near ? (
            <span className={classes.words}>
              <span className={classes.title}>{node.title}</span>
              {whole && <Corner folded={folded} />}
              <span className={classes.line}><span className={classes.does}>{folded.state === 'running' ? (progress ?? progressWords(folded, at)) : stands}</span></span>
            </span>
          ) : <span className={classes.title}>{node.title}</span>}
        </span>
      )}
      {near && whole && folded.state === 'failed' && folded.at && <Alert node={folded.at} />}
      {near && whole && <Spoken id={id} node={node} folded={folded} at={at} items={items} newer={newer} />}
      {distance !== 'farthest' && whole && <Ports id={id} module={module} bare={!near} />}
      {distance !== 'farthest' && <Ring id={id} members={folded.members} />}
    </div>
  )
}
