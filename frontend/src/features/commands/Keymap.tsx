/** Every action with its keys. */
import { commands } from '../../state/commands'
import { Keys } from '../../ui/Keys'
import classes from './Commands.module.css'

export function Keymap() {
  const sections = [...new Set(commands.map((command) => command.section))]
  return (
    <div className={classes.keymap}>
      {sections.map((section) => (
        <section key={section}>
          <h3>{section}</h3>
          {commands.filter((command) => command.section === section && command.keys.length > 0).map((command) => (
            <div key={command.id} className={classes.key}>
              <span>{command.title}</span>
              <span>{command.keys.map((shortcut) => <Keys key={shortcut} shortcut={shortcut} />)}</span>
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}
