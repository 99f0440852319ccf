/** Every action with its keys. */
import { contributed, SECTIONS } from '../../state/contributions'
import { Keys } from '../../ui/Keys'
import classes from './Commands.module.css'

export function Keymap() {
  return (
    <div className={classes.keymap}>
      {SECTIONS.map((section) => (
        <section key={section}>
          <h3>{section}</h3>
          {contributed.commands.filter((command) => command.section === section && command.keys.length > 0).map((command) => (
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
