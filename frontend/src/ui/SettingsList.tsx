import { Empty } from './Empty'
import list from './list.module.css'

/** The settings a node ran with, from its frozen graph. */
export function SettingsList({ params }: { params: Record<string, unknown> }) {
  const settings = Object.entries(params)
  if (settings.length === 0) return <Empty title="All settings have their default values" />
  return (
    <div className={list.scroller}>
      <table className={list.list}>
        <thead><tr><th scope="col">Setting</th><th scope="col">Value</th></tr></thead>
        <tbody>
          {settings.map(([name, value]) => (
            <tr key={name}><td>{name.replaceAll('_', ' ')}</td><td className={list.wrapped}>{typeof value === 'string' ? value : JSON.stringify(value)}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
