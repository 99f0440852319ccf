import { Button, Checkbox } from '@mantine/core'
import { IconColumns2 } from '@tabler/icons-react'
import { useState } from 'react'
import { bytes, metric } from '../../core/base/numbers'
import { firstFigure, STAGE_WORDS, type ModelVersionBrief, type RegisteredModel } from '../../core/data/models'
import { Box } from '../../ui/Box'
import { Empty } from '../../ui/Empty'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import { Timestamp } from '../../ui/Timestamp'
import { Chips } from './Chips'
import classes from './registry.module.css'

interface Props {
  model: RegisteredModel
  shown: number | null
  onShow: (number: number) => void
  onCompare: (numbers: number[]) => void
}

const MOST_COMPARED = 10

/** The versions, the newest first; two or more can be compared. */
export function Versions({ model, shown, onShow, onCompare }: Props) {
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  if (model.versions.length === 0) return <Section title="Versions"><Box><Empty title="No versions">All were deleted. Register another one from the results of a run.</Empty></Box></Section>
  const toggle = (number: number) => setPicked((now) => (now.has(number) ? new Set([...now].filter((each) => each !== number)) : new Set([...now, number])))
  const several = model.versions.length > 1
  return (
    <Section title="Versions">
      {several && (
        <div className={classes.buttons}>
          <Button variant="default" size="xs" leftSection={<IconColumns2 size={14} stroke={1.6} />} disabled={picked.size < 2 || picked.size > MOST_COMPARED} onClick={() => onCompare([...picked].sort((one, two) => one - two))}>
            {picked.size < 2 ? 'Select two to compare' : picked.size > MOST_COMPARED ? `Select at most ${MOST_COMPARED}` : `Compare ${picked.size} versions`}
          </Button>
        </div>
      )}
      <div className={list.scroller}>
        <table className={list.list}>
          <thead>
            <tr>
              {several && <td />}<th scope="col">Version</th><th scope="col">Aliases</th><th scope="col">Stage</th><th scope="col" data-wide>Trained with</th><th scope="col" data-number>Figure</th>
              <th scope="col" data-number data-wider>Size</th><th scope="col" data-wide>Registered</th>
            </tr>
          </thead>
          <tbody>{model.versions.map((one) => <Row key={one.number} one={one} several={several} picked={picked.has(one.number)} shown={shown === one.number} onPick={toggle} onShow={onShow} />)}</tbody>
        </table>
      </div>
    </Section>
  )
}

interface RowProps {
  one: ModelVersionBrief
  several: boolean
  picked: boolean
  shown: boolean
  onPick: (number: number) => void
  onShow: (number: number) => void
}

function Row({ one, several, picked, shown, onPick, onShow }: RowProps) {
  const figure = firstFigure(one)
  return (
    <tr>
      {several && <td data-control><Checkbox size="xs" checked={picked} onChange={() => onPick(one.number)} aria-label={`Compare version ${one.number}`} /></td>}
      <td data-control><Button size="compact-sm" variant={shown ? 'light' : 'subtle'} aria-pressed={shown} aria-label={`Show version ${one.number}`} onClick={() => onShow(one.number)}>v{one.number}</Button></td>
      <td><Chips words={one.aliases} /></td>
      <td>{STAGE_WORDS[one.stage]}</td>
      <td data-wide>{one.title}</td>
      <td data-number>{figure && `${figure.title} ${metric(figure.value)}`}</td>
      <td data-number data-wider>{bytes(one.bytes)}</td>
      <td data-wide className={list.soft}><Timestamp at={one.created_at} /> by {one.created_by}</td>
    </tr>
  )
}
