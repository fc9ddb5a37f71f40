import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import type { Recipe } from '@langevin/contracts/api';

/** The recipes of a folder, by name. @throws LangevinError `storage_failed` when it cannot be read */
export async function readRecipes(folder: string): Promise<Recipe[]> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
    return await Promise.all(names.map(async (name) => ({ name: name.slice(0, -'.yaml'.length), yaml: await readFile(join(folder, name), 'utf8') })));
  } catch (cause) {
    throw new LangevinError('storage_failed', `cannot read the recipes in ${folder}: ${LangevinError.from(cause).message}`, { cause });
  }
}
