// The words on the screen, looked up where the screen itself takes them, so that a better word breaks no test.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { FluentBundle, FluentResource } from '@fluent/bundle';

import { plain } from './page.mjs';
import { root } from './places.mjs';

/** Says a key in one language, with plain spaces. */
export function words(language) {
  const folder = join(root, 'assets', 'locales', language);
  const bundle = new FluentBundle(language === 'fr' ? 'fr-FR' : 'en-GB', { useIsolating: false });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ftl'))) {
    bundle.addResource(new FluentResource(readFileSync(join(folder, file), 'utf8')));
  }
  return (key, parameters) => {
    const message = bundle.getMessage(key);
    if (!message?.value) throw new Error(`${key} has no words in ${language}`);
    return plain(bundle.formatPattern(message.value, parameters));
  };
}
