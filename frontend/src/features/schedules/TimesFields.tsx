import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { DAYS, RULES, type RuleKind, type TimesDraft } from '../../core/schedules/schedules'
import { NumberField } from '../../ui/NumberField'
import classes from './schedules.module.css'

interface Props {
  draft: TimesDraft
  onChange: (draft: TimesDraft) => void
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
const UNITS = [{ value: '1', label: 'minutes' }, { value: '60', label: 'hours' }, { value: '1440', label: 'days' }]

/** When a schedule starts runs: the kind of rule, its fields, and the zone of its local times. */
export function TimesFields({ draft, onChange }: Props) {
  const set = <Key extends keyof TimesDraft>(key: Key, value: TimesDraft[Key]) => onChange({ ...draft, [key]: value })
  return (
    <div className={classes.fields}>
      <NativeSelect label="When" data={RULES} value={draft.kind} onChange={(event) => set('kind', event.currentTarget.value as RuleKind)} />
      <NativeSelect label="Time zone" data={ZONES.includes(draft.zone) ? ZONES : [draft.zone, ...ZONES]} value={draft.zone} onChange={(event) => set('zone', event.currentTarget.value)} />
      <RuleFields draft={draft} onChange={onChange} />
      <TextInput label="Except on" description="Dates such as 2027-12-25" value={draft.excluded} onChange={(event) => set('excluded', event.currentTarget.value)} />
      <TextInput label="Not after" description="In your own time zone; empty for no end" type="datetime-local" value={local(draft.ends)} onChange={(event) => set('ends', event.currentTarget.value)} />
    </div>
  )
}

/** What the field of the browser shows of an instant: the viewer's local time. */
function local(text: string): string {
  if (!/Z|[+-]\d\d:\d\d$/.test(text)) return text
  const at = new Date(text)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function RuleFields({ draft, onChange }: Props) {
  const set = <Key extends keyof TimesDraft>(key: Key, value: TimesDraft[Key]) => onChange({ ...draft, [key]: value })
  switch (draft.kind) {
    case 'every': return (
      <>
        <NumberField label="Every" min={1} allowDecimal={false} value={draft.amount} onChange={(value) => set('amount', Number(value) || 1)} />
        <NativeSelect label="Unit" data={UNITS} value={String(draft.unit)} onChange={(event) => set('unit', Number(event.currentTarget.value) as TimesDraft['unit'])} />
      </>
    )
    case 'calendar': return (
      <>
        <TextInput label="Times" description="Such as 06:00, 18:30" value={draft.clock} onChange={(event) => set('clock', event.currentTarget.value)} />
        <TextInput label="Days of the month" description="Numbers or last; empty for all" value={draft.monthDays} onChange={(event) => set('monthDays', event.currentTarget.value)} />
        <Checkbox.Group className={classes.wide} label="Days of the week" description="None for all" value={draft.weekdays.map(String)} onChange={(days) => set('weekdays', days.map(Number).toSorted())}>
          <div className={classes.days}>{DAYS.map((day, index) => <Checkbox key={day} value={String(index + 1)} label={day} />)}</div>
        </Checkbox.Group>
      </>
    )
    case 'cron': return (
      <TextInput
        className={classes.wide} label="Cron line" description="Minute, hour, day of the month, month, day of the week. If both days are given, both must match."
        value={draft.line} onChange={(event) => set('line', event.currentTarget.value)}
      />
    )
    case 'dates': return <Textarea className={classes.wide} label="Times" description="One a line, such as 2027-01-31 09:00" autosize minRows={2} value={draft.dates} onChange={(event) => set('dates', event.currentTarget.value)} />
  }
}
