import assert from 'node:assert/strict';
import { addressOf } from './project-address.ts';

describe("the project's address", () => {
  for (const remote of [
    'https://git.example/staycode/staycode',
    'https://git.example/staycode/staycode.git',
    'https://somebody:secret@git.example/staycode/staycode.git/',
    'git@git.example:staycode/staycode.git',
    'ssh://git@git.example:2222/staycode/staycode.git',
  ])
    it(`is on the web for ${remote.replace(/:\w+@/u, ':…@')}, and has nobody's name or password`, () => {
      assert.equal(addressOf(remote), 'https://git.example/staycode/staycode');
    });

  for (const remote of [
    '../staycode',
    '/home/me/staycode',
    'file:///srv/staycode',
    'https://git.example/',
    '',
  ])
    it(`is none for “${remote}”`, () => {
      assert.equal(addressOf(remote), null);
    });
});
