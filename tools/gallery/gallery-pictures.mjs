import { readFileSync } from 'node:fs';

/**
 * The pictures of a page and the commands that make them: the first shell block after each picture.
 * @param {string} page a Markdown file
 * @returns {{ name: string, command: string }[]} name: the file's own name; command: '' where no block stands under the picture
 */
export function galleryPictures(page) {
  const parts = readFileSync(page, 'utf8').split(/^!\[[^\]]*\]\(images\/gallery\/([^)]+)\)$/m);
  const pictures = [];
  for (let i = 1; i < parts.length; i += 2) {
    const block = /^```sh\n([^]*?)\n```$/m.exec(parts[i + 1]);
    pictures.push({ name: parts[i], command: block?.[1] ?? '' });
  }
  return pictures;
}
