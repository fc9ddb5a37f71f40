import { plainWords } from './plain-words.js';

describe('plainWords', () => {
  it.each([
    ['body: name: must be 1–64 characters', 'Name: must be 1–64 characters.'],
    ['run "digits" is running already', 'Run "digits" is running already.'],
    ['The coordinator does not answer.', 'The coordinator does not answer.'],
    ['', '.'],
  ])('makes a sentence of "%s"', (message, sentence) => {
    expect(plainWords(message)).toBe(sentence);
  });
});
