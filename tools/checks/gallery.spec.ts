import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { galleryPictures } from '../gallery/gallery-pictures.mjs';

const docs = join(__dirname, '../../docs');
const pictures = galleryPictures(join(docs, 'gallery.md'));

describe('docs/gallery.md', () => {
  it.each(pictures)('prints under $name the command that makes it', ({ name, command }) => {
    expect(command).toContain(`--out ${name}`);
    expect(existsSync(join(docs, 'images/gallery', name))).toBe(true);
  });

  it('shows every picture of its folder', () => {
    expect(readdirSync(join(docs, 'images/gallery')).sort()).toEqual(pictures.map(({ name }) => name).sort());
  });
});
