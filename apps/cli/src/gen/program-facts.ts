// Written by `npm run generate` from the commands themselves: completion knows them without loading them.
import type { CommandFacts } from '../command-facts.js';

/** Every command, as its help describes it. */
export const programFacts: CommandFacts = {
  "name": "langevin",
  "description": "Distributed training of diffusion models, with the same weights from any cluster.",
  "arguments": [],
  "options": [
    {
      "flags": "-V, --version",
      "long": "--version",
      "short": "-V",
      "value": "",
      "variadic": false,
      "mandatory": false,
      "description": "output the version number",
      "default": "",
      "choices": []
    }
  ],
  "help": "Examples:\n  $ langevin demo --quick                            from nothing to drawn digits\n  $ langevin up --trainers 2                         a coordinator and two trainers\n  $ langevin dataset import mnist-digits\n  $ langevin job submit recipes/digits-ddpm.yaml --wait\n  $ langevin sample --run digits-ddpm --label 7 --out sevens.png\n  $ langevin doctor                                  what this machine computes with\n\nExit codes: 0 success, 1 failure, 2 usage, 3 unavailable, 4 not found, 5 refused, 130 interrupted. docs/cli.md says more.",
  "commands": [
    {
      "name": "demo",
      "description": "train a model that draws handwritten digits, on trainers of this machine, and draw with it",
      "arguments": [],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--quick",
          "long": "--quick",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "a shorter training, of one to three minutes: rough digits",
          "default": "",
          "choices": []
        },
        {
          "flags": "--trainers <n>",
          "long": "--trainers",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "trainer processes",
          "default": "2",
          "choices": []
        },
        {
          "flags": "--seed <n>",
          "long": "--seed",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "seed of the whole run (default: the recipe's)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--recipe <file>",
          "long": "--recipe",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "job specification to train instead of the built-in one",
          "default": "",
          "choices": []
        }
      ],
      "help": "The weights depend on the seed, not on the number of trainers.\n\nExamples:\n  $ langevin demo --quick\n  $ langevin demo --trainers 5 --data-dir /tmp/five\n  $ langevin demo --recipe my-digits.yaml",
      "commands": []
    },
    {
      "name": "up",
      "description": "start a coordinator, and trainers on this machine, until Ctrl-C",
      "arguments": [],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--port <port>",
          "long": "--port",
          "short": "",
          "value": "port",
          "variadic": false,
          "mandatory": false,
          "description": "port of the coordinator; 0 takes any free one",
          "default": "7433",
          "choices": []
        },
        {
          "flags": "--http-port <port>",
          "long": "--http-port",
          "short": "",
          "value": "port",
          "variadic": false,
          "mandatory": false,
          "description": "port of the dashboard and the HTTP API; 0 takes any free one (default: the one after --port)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--exchange-port <port>",
          "long": "--exchange-port",
          "short": "",
          "value": "port",
          "variadic": false,
          "mandatory": false,
          "description": "port on which the coordinator takes gradients of trainers that cannot reach each other; 0 takes any free one",
          "default": "0",
          "choices": []
        },
        {
          "flags": "--samples <on|off>",
          "long": "--samples",
          "short": "",
          "value": "on|off",
          "variadic": false,
          "mandatory": false,
          "description": "draw samples of every checkpoint, at low priority",
          "default": "on",
          "choices": []
        },
        {
          "flags": "--trainers <n>",
          "long": "--trainers",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "trainer processes to start beside it (default: 1, or one for each of --devices)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--devices <list>",
          "long": "--devices",
          "short": "",
          "value": "list",
          "variadic": false,
          "mandatory": false,
          "description": "GPUs that the trainers take in turn: all, none, or numbers such as 0,1 (default: those that can be used, if any)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--threads <n>",
          "long": "--threads",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "threads of each trainer: gradients that it computes at the same time, or parts of one (default: all cores, shared among the trainers)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--host <address>",
          "long": "--host",
          "short": "",
          "value": "address",
          "variadic": false,
          "mandatory": false,
          "description": "address of the coordinator; 0.0.0.0 is every address of this machine",
          "default": "127.0.0.1",
          "choices": []
        },
        {
          "flags": "--tls <folder>",
          "long": "--tls",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "speak TLS with the certificates of this folder, which `langevin certs` made",
          "default": "",
          "choices": []
        },
        {
          "flags": "--insecure",
          "long": "--insecure",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "listen beyond this machine without TLS",
          "default": "",
          "choices": []
        },
        {
          "flags": "--takeover",
          "long": "--takeover",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "take the place of a coordinator of the same store that does not answer any more, and go on with its jobs",
          "default": "",
          "choices": []
        }
      ],
      "help": "Examples:\n  $ langevin up --trainers 2\n  $ langevin up --devices all\n  $ langevin up --data-dir /data/langevin --port 7500 --trainers 0\n  $ langevin up --store 's3://langevin?endpoint=http://127.0.0.1:9000'\n  $ langevin certs --out tls --host 10.0.0.5 && langevin up --host 10.0.0.5 --tls tls",
      "commands": []
    },
    {
      "name": "trainer",
      "description": "start a trainer and attach it to a coordinator, until Ctrl-C",
      "arguments": [],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--coordinator <host:port>",
          "long": "--coordinator",
          "short": "",
          "value": "host:port",
          "variadic": false,
          "mandatory": false,
          "description": "coordinator to talk to (default: the one that runs on the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--token-file <file>",
          "long": "--token-file",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "file with the cluster token (default: the data folder's)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--tls <folder>",
          "long": "--tls",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--name <name>",
          "long": "--name",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "name of the trainer, unique in the cluster",
          "default": "host and process id",
          "choices": []
        },
        {
          "flags": "--threads <n>",
          "long": "--threads",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "threads of each trainer: gradients that it computes at the same time, or parts of one (default: all cores, shared among the trainers of this command)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--devices <list>",
          "long": "--devices",
          "short": "",
          "value": "list",
          "variadic": false,
          "mandatory": false,
          "description": "GPUs to compute on, a trainer each: all, none, or numbers such as 0,1 (default: the first GPU if there is one)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--host <address>",
          "long": "--host",
          "short": "",
          "value": "address",
          "variadic": false,
          "mandatory": false,
          "description": "address on which the coordinator pulls from it",
          "default": "127.0.0.1",
          "choices": []
        },
        {
          "flags": "--port <port>",
          "long": "--port",
          "short": "",
          "value": "port",
          "variadic": false,
          "mandatory": false,
          "description": "port for that; 0 takes any free one",
          "default": "0",
          "choices": []
        },
        {
          "flags": "--exchange-port <port>",
          "long": "--exchange-port",
          "short": "",
          "value": "port",
          "variadic": false,
          "mandatory": false,
          "description": "port on which other trainers get gradients from it, with one trainer; 0 takes any free one",
          "default": "0",
          "choices": []
        },
        {
          "flags": "--advertise <host[:port]>",
          "long": "--advertise",
          "short": "",
          "value": "host[:port",
          "variadic": false,
          "mandatory": false,
          "description": "how the coordinator dials it, where that is not the address it listens on",
          "default": "",
          "choices": []
        },
        {
          "flags": "--insecure",
          "long": "--insecure",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "listen beyond this machine without TLS",
          "default": "",
          "choices": []
        }
      ],
      "help": "Where another host may take over (`langevin up --takeover`), name both coordinators, with a comma between them.\n\nExamples:\n  $ langevin trainer --coordinator 127.0.0.1:7433 --token-file .langevin/token\n  $ langevin trainer --devices all\n  $ langevin trainer --coordinator head.example:7433 --token-file token --tls tls --host 10.0.0.7",
      "commands": []
    },
    {
      "name": "doctor",
      "description": "say what this machine computes with, and what it lacks",
      "arguments": [],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        }
      ],
      "help": "Example:\n  $ langevin doctor",
      "commands": []
    },
    {
      "name": "dataset",
      "description": "import and list datasets",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "import",
          "description": "import a dataset into the store, as content-addressed shards",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin dataset import mnist-digits",
          "commands": []
        },
        {
          "name": "ls",
          "description": "list the datasets of the store",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin dataset ls",
          "commands": []
        }
      ]
    },
    {
      "name": "job",
      "description": "submit, continue, fork, list, show, follow and cancel training jobs",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "submit",
          "description": "submit a job specification (YAML); the same one again continues from its last checkpoint",
          "arguments": [
            {
              "name": "spec",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--name <name>",
              "long": "--name",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "replaces the name in the specification",
              "default": "",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "replaces the seed",
              "default": "",
              "choices": []
            },
            {
              "flags": "--min-trainers <n>",
              "long": "--min-trainers",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "replaces trainers.min: start when this many are attached",
              "default": "",
              "choices": []
            },
            {
              "flags": "--dry-run",
              "long": "--dry-run",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print the resolved specification and submit nothing",
              "default": "",
              "choices": []
            },
            {
              "flags": "--wait",
              "long": "--wait",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "stay until the job has ended, with its progress",
              "default": "",
              "choices": []
            }
          ],
          "help": "Examples:\n  $ langevin job submit recipes/digits-ddpm.yaml --wait\n  $ langevin job submit my.yaml --dry-run",
          "commands": []
        },
        {
          "name": "resume",
          "description": "continue a run from its newest checkpoint that is whole, without its specification at hand",
          "arguments": [
            {
              "name": "run",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--from <checkpoint>",
              "long": "--from",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "its step, or the sha256 of its manifest (default: the newest that is whole)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--set <path=value...>",
              "long": "--set",
              "short": "",
              "value": "path=value",
              "variadic": true,
              "mandatory": false,
              "description": "replaces a value of the specification",
              "default": "",
              "choices": []
            },
            {
              "flags": "--wait",
              "long": "--wait",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "stay until the job has ended, with its progress",
              "default": "",
              "choices": []
            }
          ],
          "help": "Examples:\n  $ langevin job resume digits-ddpm --wait\n  $ langevin job resume digits-ddpm --from 400 --set trainers.min=1",
          "commands": []
        },
        {
          "name": "fork",
          "description": "begin a new run at a checkpoint of another one",
          "arguments": [
            {
              "name": "run",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--from <checkpoint>",
              "long": "--from",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "its step, or the sha256 of its manifest (default: the newest that is whole)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--set <path=value...>",
              "long": "--set",
              "short": "",
              "value": "path=value",
              "variadic": true,
              "mandatory": false,
              "description": "replaces a value of the specification",
              "default": "",
              "choices": []
            },
            {
              "flags": "--wait",
              "long": "--wait",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "stay until the job has ended, with its progress",
              "default": "",
              "choices": []
            },
            {
              "flags": "--name <name>",
              "long": "--name",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": true,
              "description": "name of the new run",
              "default": "",
              "choices": []
            }
          ],
          "help": "Examples:\n  $ langevin job fork digits-ddpm --name digits-slower --from 400 --set training.learningRate=1e-4\n  $ langevin job fork digits-ddpm --name digits-longer --set training.steps=2000",
          "commands": []
        },
        {
          "name": "ls",
          "description": "list the jobs of the running coordinator",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin job ls",
          "commands": []
        },
        {
          "name": "show",
          "description": "show a job",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin job show digits-ddpm",
          "commands": []
        },
        {
          "name": "logs",
          "description": "show what happened to a job and how it trains, a line each",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--http-url <url>",
              "long": "--http-url",
              "short": "",
              "value": "url",
              "variadic": false,
              "mandatory": false,
              "description": "HTTP API of the coordinator (default: the one on the data folder; with --coordinator, the port after it)",
              "default": "",
              "choices": []
            },
            {
              "flags": "-f, --follow",
              "long": "--follow",
              "short": "-f",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "stay until the job has ended",
              "default": "",
              "choices": []
            },
            {
              "flags": "--every <steps>",
              "long": "--every",
              "short": "",
              "value": "steps",
              "variadic": false,
              "mandatory": false,
              "description": "a line of progress each so many steps (default: a fiftieth of the job)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--patience <seconds>",
              "long": "--patience",
              "short": "",
              "value": "seconds",
              "variadic": false,
              "mandatory": false,
              "description": "with --follow: how long to wait for a coordinator that has gone",
              "default": "60",
              "choices": []
            }
          ],
          "help": "A line is: time (UTC), committed steps, what happened. With --json it is one JSON object. Without --follow and where no\ncoordinator runs on the data folder, the log is what the store holds. With --follow the exit code tells how the job ended,\nas that of `job submit --wait` does, and Ctrl-C leaves the job alone.\n\nExamples:\n  $ langevin job logs digits-ddpm\n  $ langevin job logs digits-ddpm --follow --every 10\n  $ langevin job logs digits-ddpm -f --json | jq -r 'select(.kind == \"checkpoint\").step'",
          "commands": []
        },
        {
          "name": "cancel",
          "description": "cancel a job; its checkpoints stay",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin job cancel digits-ddpm",
          "commands": []
        }
      ]
    },
    {
      "name": "run",
      "description": "list, show and compare runs; needs no running coordinator",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "ls",
          "description": "list the runs of the store",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "The phase is how a run ended; – is one that trains or was interrupted (`langevin job ls` tells).\n\nExample:\n  $ langevin run ls",
          "commands": []
        },
        {
          "name": "show",
          "description": "show a run: its specification in short, how it went, its checkpoints, where it comes from and what came of it",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "With --json the specification is whole.\n\nExamples:\n  $ langevin run show digits-ddpm\n  $ langevin run show digits-ddpm --json | jq .spec",
          "commands": []
        },
        {
          "name": "compare",
          "description": "compare runs: where their specifications differ, and their metrics at the last step that all have and at the end",
          "arguments": [
            {
              "name": "names",
              "required": true,
              "variadic": true,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin run compare digits-ddpm digits-slower",
          "commands": []
        }
      ]
    },
    {
      "name": "node",
      "description": "list the trainers of a running coordinator, or let one go",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "ls",
          "description": "list the trainers that are attached now: what they compute with, what they do, and where their time goes",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--http-url <url>",
              "long": "--http-url",
              "short": "",
              "value": "url",
              "variadic": false,
              "mandatory": false,
              "description": "HTTP API of the coordinator (default: the one on the data folder; with --coordinator, the port after it)",
              "default": "",
              "choices": []
            }
          ],
          "help": "STATE says for whom a trainer waits, or how many leaves of the gradient it has still to compute. Whoever others wait for holds the\njob up. COMPUTE, WAIT and EXCHANGE say where the time of a trainer's last step went: gradients, waiting for others, sending and receiving.\n\nExamples:\n  $ langevin node ls\n  $ langevin node ls --json | jq '.[] | {name, stepMs}'",
          "commands": []
        },
        {
          "name": "drain",
          "description": "give the work of a trainer to the others, and let it end",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--coordinator <host:port>",
              "long": "--coordinator",
              "short": "",
              "value": "host:port",
              "variadic": false,
              "mandatory": false,
              "description": "coordinator to talk to (default: the one that runs on the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--token-file <file>",
              "long": "--token-file",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "file with the cluster token (default: the data folder's)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--tls <folder>",
              "long": "--tls",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "The trainer computes its part of the running step; then others take its work over, and its process ends. Nothing is lost. Of\na job whose last trainer is drained a checkpoint is stored first, and the job waits for another trainer.\n\nExamples:\n  $ langevin node drain trainer-2",
          "commands": []
        }
      ]
    },
    {
      "name": "sample",
      "description": "draw images with a trained model, as a PNG grid; needs no running coordinator",
      "arguments": [],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--run <name>",
          "long": "--run",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "run whose newest checkpoint to use",
          "default": "",
          "choices": []
        },
        {
          "flags": "--checkpoint <sha256>",
          "long": "--checkpoint",
          "short": "",
          "value": "sha256",
          "variadic": false,
          "mandatory": false,
          "description": "checkpoint to use, by the digest of its manifest",
          "default": "",
          "choices": []
        },
        {
          "flags": "--step <n>",
          "long": "--step",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "with --run: the checkpoint of this step",
          "default": "",
          "choices": []
        },
        {
          "flags": "--model <folder>",
          "long": "--model",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
          "default": "",
          "choices": []
        },
        {
          "flags": "--classifier <checkpoint>",
          "long": "--classifier",
          "short": "",
          "value": "checkpoint",
          "variadic": false,
          "mandatory": false,
          "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
          "default": "",
          "choices": []
        },
        {
          "flags": "--label <labels>",
          "long": "--label",
          "short": "",
          "value": "labels",
          "variadic": false,
          "mandatory": false,
          "description": "what to draw: 7, or 0,1,2, or all",
          "default": "",
          "choices": []
        },
        {
          "flags": "--count <n>",
          "long": "--count",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "how many images (default: 16, or one of each label)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--guidance-scale <s>",
          "long": "--guidance-scale",
          "short": "",
          "value": "s",
          "variadic": false,
          "mandatory": false,
          "description": "classifier-free guidance: 1 is none, 3 is clear and less varied (default: 1; 0 when a classifier guides)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--classifier-scale <γ>",
          "long": "--classifier-scale",
          "short": "",
          "value": "γ",
          "variadic": false,
          "mandatory": false,
          "description": "how often the gradient of a classifier counts; 0 is no guidance (default: 1 with --classifier)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--guidance-form <form>",
          "long": "--guidance-form",
          "short": "",
          "value": "form",
          "variadic": false,
          "mandatory": false,
          "description": "with a classifier: what its gradient moves; mean needs --sampler ddpm (default: score)",
          "default": "",
          "choices": [
            "score",
            "mean"
          ]
        },
        {
          "flags": "--sampler <name>",
          "long": "--sampler",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "how to walk from noise to image",
          "default": "ddim",
          "choices": [
            "ddim",
            "ddpm",
            "heun",
            "lms",
            "deis",
            "pndm",
            "dpm-solver",
            "dpm-solver++2s",
            "dpm-solver++3s",
            "dpm-solver++2m",
            "dpm-solver++3m",
            "unipc",
            "euler-ancestral",
            "euler-maruyama",
            "sde-dpm-solver++2m",
            "predictor-corrector"
          ]
        },
        {
          "flags": "--steps <n>",
          "long": "--steps",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "denoising steps",
          "default": "40",
          "choices": []
        },
        {
          "flags": "--seed <n>",
          "long": "--seed",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "seed of the noise",
          "default": "1",
          "choices": []
        },
        {
          "flags": "--task <name>",
          "long": "--task",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "generate; or work on images: fill holes, enlarge, take noise away, go from one to the next",
          "default": "generate",
          "choices": [
            "generate",
            "inpaint",
            "superres",
            "denoise",
            "interpolate"
          ]
        },
        {
          "flags": "--image <files...>",
          "long": "--image",
          "short": "",
          "value": "files",
          "variadic": true,
          "mandatory": false,
          "description": "for a task: PNG files to work on, of the size of the model's images; --task superres takes smaller ones",
          "default": "",
          "choices": []
        },
        {
          "flags": "--dataset <name>",
          "long": "--dataset",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "for a task: held-out images of a dataset instead, spoiled first (the first --count, 12 unless given)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--mask <file>",
          "long": "--mask",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "--task inpaint: PNG, white where pixels are known and black where they are to be drawn",
          "default": "",
          "choices": []
        },
        {
          "flags": "--hole <n>",
          "long": "--hole",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "--task inpaint: a hidden square of this side in the middle instead of a mask (with --dataset half of the image unless given)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--method <name>",
          "long": "--method",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "--task inpaint: how known pixels lead the others (default: guidance)",
          "default": "",
          "choices": [
            "guidance",
            "repaint",
            "replacement"
          ]
        },
        {
          "flags": "--factor <n>",
          "long": "--factor",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "--task superres: how much larger images become along each side",
          "default": "4",
          "choices": []
        },
        {
          "flags": "--noise <σ>",
          "long": "--noise",
          "short": "",
          "value": "σ",
          "variadic": false,
          "mandatory": false,
          "description": "--task denoise: standard deviation of the noise, of images from −1 to 1 (default: estimated of each image)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--draws <n>",
          "long": "--draws",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "for inpaint and superres: images that are drawn for each and averaged",
          "default": "1",
          "choices": []
        },
        {
          "flags": "--between <n>",
          "long": "--between",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "--task interpolate: images from one to the next, both included",
          "default": "8",
          "choices": []
        },
        {
          "flags": "--out <file>",
          "long": "--out",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "PNG to write",
          "default": "samples.png",
          "choices": []
        }
      ],
      "help": "Examples:\n  $ langevin sample --run digits-ddpm --label 7 --guidance-scale 3 --out sevens.png\n  $ langevin sample --run digits-ddpm --label 7 --classifier digits-classifier --classifier-scale 4\n  $ langevin sample --model digits --label all --classifier-scale 4\n  $ langevin sample --run digits-ddpm --task inpaint --image torn.png --mask torn-mask.png\n  $ langevin sample --run digits-ddpm --task superres --dataset mnist-digits --factor 4",
      "commands": []
    },
    {
      "name": "compress",
      "description": "compress images without loss with a trained model; `langevin decompress` reads the archive on a machine of the same numerics class",
      "arguments": [
        {
          "name": "images",
          "required": false,
          "variadic": true,
          "choices": []
        }
      ],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--run <name>",
          "long": "--run",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "run whose newest checkpoint to use",
          "default": "",
          "choices": []
        },
        {
          "flags": "--checkpoint <sha256>",
          "long": "--checkpoint",
          "short": "",
          "value": "sha256",
          "variadic": false,
          "mandatory": false,
          "description": "checkpoint to use, by the digest of its manifest",
          "default": "",
          "choices": []
        },
        {
          "flags": "--step <n>",
          "long": "--step",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "with --run: the checkpoint of this step",
          "default": "",
          "choices": []
        },
        {
          "flags": "--model <folder>",
          "long": "--model",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
          "default": "",
          "choices": []
        },
        {
          "flags": "--classifier <checkpoint>",
          "long": "--classifier",
          "short": "",
          "value": "checkpoint",
          "variadic": false,
          "mandatory": false,
          "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
          "default": "",
          "choices": []
        },
        {
          "flags": "--dataset <name>",
          "long": "--dataset",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "compress the images of a dataset instead",
          "default": "",
          "choices": []
        },
        {
          "flags": "--split <split>",
          "long": "--split",
          "short": "",
          "value": "split",
          "variadic": false,
          "mandatory": false,
          "description": "with --dataset: which of its images",
          "default": "test",
          "choices": [
            "train",
            "test"
          ]
        },
        {
          "flags": "--count <n>",
          "long": "--count",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "with --dataset: the first n images only",
          "default": "",
          "choices": []
        },
        {
          "flags": "--steps <n>",
          "long": "--steps",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "steps of the chain: more take longer and make smaller archives",
          "default": "100",
          "choices": []
        },
        {
          "flags": "--batch-size <n>",
          "long": "--batch-size",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "images that are coded at once, at most",
          "default": "16",
          "choices": []
        },
        {
          "flags": "--seed <n>",
          "long": "--seed",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "seed of the bits that the first image draws its noise from",
          "default": "1",
          "choices": []
        },
        {
          "flags": "--out <file>",
          "long": "--out",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "archive to write",
          "default": "images.lgv",
          "choices": []
        }
      ],
      "help": "Examples:\n  $ langevin compress --run digits-bits --dataset mnist-digits --out digits.lgv\n  $ langevin compress --run digits-bits one.png two.png --out two.lgv\n  $ langevin decompress digits.lgv --run digits-bits --out digits",
      "commands": []
    },
    {
      "name": "decompress",
      "description": "read the images of an archive, with the model that compressed them, as PNG files",
      "arguments": [
        {
          "name": "archive",
          "required": true,
          "variadic": false,
          "choices": []
        }
      ],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--store <location>",
          "long": "--store",
          "short": "",
          "value": "location",
          "variadic": false,
          "mandatory": false,
          "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--run <name>",
          "long": "--run",
          "short": "",
          "value": "name",
          "variadic": false,
          "mandatory": false,
          "description": "run whose newest checkpoint to use",
          "default": "",
          "choices": []
        },
        {
          "flags": "--checkpoint <sha256>",
          "long": "--checkpoint",
          "short": "",
          "value": "sha256",
          "variadic": false,
          "mandatory": false,
          "description": "checkpoint to use, by the digest of its manifest",
          "default": "",
          "choices": []
        },
        {
          "flags": "--step <n>",
          "long": "--step",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "with --run: the checkpoint of this step",
          "default": "",
          "choices": []
        },
        {
          "flags": "--model <folder>",
          "long": "--model",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
          "default": "",
          "choices": []
        },
        {
          "flags": "--classifier <checkpoint>",
          "long": "--classifier",
          "short": "",
          "value": "checkpoint",
          "variadic": false,
          "mandatory": false,
          "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
          "default": "",
          "choices": []
        },
        {
          "flags": "--any-numerics",
          "long": "--any-numerics",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "try it where the numerics class is another one: a checksum says whether it came out right",
          "default": "",
          "choices": []
        },
        {
          "flags": "--out <folder>",
          "long": "--out",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder for the images",
          "default": "images",
          "choices": []
        }
      ],
      "help": "Example:\n  $ langevin decompress digits.lgv --run digits-bits --out digits",
      "commands": []
    },
    {
      "name": "eval",
      "description": "judge trained models",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "guidance",
          "description": "draw digits of no class, guided by a classifier at several scales; a third classifier judges them",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "run whose newest checkpoint to use",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "checkpoint to use, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--model <folder>",
              "long": "--model",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
              "default": "",
              "choices": []
            },
            {
              "flags": "--classifier <checkpoint>",
              "long": "--classifier",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
              "default": "",
              "choices": []
            },
            {
              "flags": "--scales <list>",
              "long": "--scales",
              "short": "",
              "value": "list",
              "variadic": false,
              "mandatory": false,
              "description": "scales γ of the gradient, in this order",
              "default": "0,1,2,4,8,16",
              "choices": []
            },
            {
              "flags": "--count <n>",
              "long": "--count",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "images at each scale: the labels in turn",
              "default": "200",
              "choices": []
            },
            {
              "flags": "--guidance-form <form>",
              "long": "--guidance-form",
              "short": "",
              "value": "form",
              "variadic": false,
              "mandatory": false,
              "description": "what the gradient moves; mean needs --sampler ddpm",
              "default": "score",
              "choices": [
                "score",
                "mean"
              ]
            },
            {
              "flags": "--sampler <name>",
              "long": "--sampler",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "how to walk from noise to image",
              "default": "ddim",
              "choices": [
                "ddim",
                "ddpm"
              ]
            },
            {
              "flags": "--steps <n>",
              "long": "--steps",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "denoising steps",
              "default": "20",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "seed of the noise, the same at each scale",
              "default": "1",
              "choices": []
            },
            {
              "flags": "--judge-epochs <n>",
              "long": "--judge-epochs",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "times that the judge sees each real digit",
              "default": "5",
              "choices": []
            },
            {
              "flags": "--out <file>",
              "long": "--out",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "SVG figure to write",
              "default": "guidance.svg",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin eval guidance --run digits-ddpm --classifier digits-classifier",
          "commands": []
        },
        {
          "name": "metrics",
          "description": "distances between drawn and held-out images in the features of a digit classifier, beside those of real training images",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "run whose newest checkpoint to use",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "checkpoint to use, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--model <folder>",
              "long": "--model",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
              "default": "",
              "choices": []
            },
            {
              "flags": "--classifier <checkpoint>",
              "long": "--classifier",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
              "default": "",
              "choices": []
            },
            {
              "flags": "--count <n>",
              "long": "--count",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "images of each kind",
              "default": "1000",
              "choices": []
            },
            {
              "flags": "--guidance-scale <s>",
              "long": "--guidance-scale",
              "short": "",
              "value": "s",
              "variadic": false,
              "mandatory": false,
              "description": "classifier-free guidance (default: 1, which is none)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--sampler <name>",
              "long": "--sampler",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "how to walk from noise to image",
              "default": "ddim",
              "choices": [
                "ddim",
                "ddpm",
                "heun",
                "lms",
                "deis",
                "pndm",
                "dpm-solver",
                "dpm-solver++2s",
                "dpm-solver++3s",
                "dpm-solver++2m",
                "dpm-solver++3m",
                "unipc",
                "euler-ancestral",
                "euler-maruyama",
                "sde-dpm-solver++2m",
                "predictor-corrector"
              ]
            },
            {
              "flags": "--steps <n>",
              "long": "--steps",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "denoising steps",
              "default": "40",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "seed of the noise",
              "default": "1",
              "choices": []
            },
            {
              "flags": "--judge-epochs <n>",
              "long": "--judge-epochs",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "times that the classifier sees each real digit",
              "default": "5",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin eval metrics --run digits-ddpm",
          "commands": []
        },
        {
          "name": "nll",
          "description": "bits per dimension of held-out images, by the variational bound and by the probability flow",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "run whose newest checkpoint to use",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "checkpoint to use, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--model <folder>",
              "long": "--model",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
              "default": "",
              "choices": []
            },
            {
              "flags": "--classifier <checkpoint>",
              "long": "--classifier",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
              "default": "",
              "choices": []
            },
            {
              "flags": "--split <name>",
              "long": "--split",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "images of the dataset that the model was trained on",
              "default": "test",
              "choices": [
                "test",
                "train"
              ]
            },
            {
              "flags": "--count <n>",
              "long": "--count",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "so many images, from the first on; all unless given",
              "default": "",
              "choices": []
            },
            {
              "flags": "--conditional",
              "long": "--conditional",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "tell the network the label of each image: bits given the label",
              "default": "",
              "choices": []
            },
            {
              "flags": "--cut <t>",
              "long": "--cut",
              "short": "",
              "value": "t",
              "variadic": false,
              "mandatory": false,
              "description": "time of the first noise level, which the decoder reads",
              "default": "0",
              "choices": []
            },
            {
              "flags": "--pixel-prior <which>",
              "long": "--pixel-prior",
              "short": "",
              "value": "which",
              "variadic": false,
              "mandatory": false,
              "description": "what the decoder knows of a pixel: how frequent its values are among training images, or nothing",
              "default": "train",
              "choices": [
                "train",
                "equal"
              ]
            },
            {
              "flags": "--draws <n>",
              "long": "--draws",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "steps of the chain that are looked at for each image",
              "default": "100",
              "choices": []
            },
            {
              "flags": "--flow-steps <n>",
              "long": "--flow-steps",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "steps of the flow, each of four evaluations and gradients; 0 leaves the flow out",
              "default": "34",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "seed of all noise",
              "default": "1",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin eval nll --run digits-bits",
          "commands": []
        },
        {
          "name": "rate-distortion",
          "description": "progressive lossy coding of held-out images: bits sent, and how near they bring what can be shown",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "run whose newest checkpoint to use",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "checkpoint to use, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--model <folder>",
              "long": "--model",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
              "default": "",
              "choices": []
            },
            {
              "flags": "--classifier <checkpoint>",
              "long": "--classifier",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
              "default": "",
              "choices": []
            },
            {
              "flags": "--count <n>",
              "long": "--count",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "held-out images, from the first on",
              "default": "100",
              "choices": []
            },
            {
              "flags": "--steps <n>",
              "long": "--steps",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "steps of the chain that is sent",
              "default": "100",
              "choices": []
            },
            {
              "flags": "--points <n>",
              "long": "--points",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "rows of the table and of the figure",
              "default": "10",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "seed of all noise",
              "default": "1",
              "choices": []
            },
            {
              "flags": "--out <file>",
              "long": "--out",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "PNG figure to write: what can be shown, from few bits to many, and the images",
              "default": "rate-distortion.png",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin eval rate-distortion --run digits-bits",
          "commands": []
        },
        {
          "name": "restoration",
          "description": "inpaint, enlarge and denoise held-out images, beside medians and bicubic interpolation; a classifier that sees nothing else judges them",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "run whose newest checkpoint to use",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "checkpoint to use, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--model <folder>",
              "long": "--model",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "model that `langevin model pull` brought, with the classifier that was pulled with it; or a folder of Python’s diffusers",
              "default": "",
              "choices": []
            },
            {
              "flags": "--classifier <checkpoint>",
              "long": "--classifier",
              "short": "",
              "value": "checkpoint",
              "variadic": false,
              "mandatory": false,
              "description": "noisy classifier of the store that guides to the label: RUN, RUN:STEP or sha256:DIGEST",
              "default": "",
              "choices": []
            },
            {
              "flags": "--count <n>",
              "long": "--count",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "held-out images, from the first on",
              "default": "500",
              "choices": []
            },
            {
              "flags": "--hole <n>",
              "long": "--hole",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "side of the hidden square in the middle, in pixels",
              "default": "14",
              "choices": []
            },
            {
              "flags": "--factor <n>",
              "long": "--factor",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "how much smaller images are made along each side",
              "default": "4",
              "choices": []
            },
            {
              "flags": "--noise <σ>",
              "long": "--noise",
              "short": "",
              "value": "σ",
              "variadic": false,
              "mandatory": false,
              "description": "standard deviation of white noise; images go from −1 to 1",
              "default": "1",
              "choices": []
            },
            {
              "flags": "--steps <n>",
              "long": "--steps",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "denoising steps",
              "default": "25",
              "choices": []
            },
            {
              "flags": "--draws <n>",
              "long": "--draws",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "images that are drawn for each and averaged",
              "default": "8",
              "choices": []
            },
            {
              "flags": "--seed <n>",
              "long": "--seed",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "seed of all noise",
              "default": "1",
              "choices": []
            },
            {
              "flags": "--judge-epochs <n>",
              "long": "--judge-epochs",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "times that the judge sees each real digit",
              "default": "5",
              "choices": []
            },
            {
              "flags": "--out <file>",
              "long": "--out",
              "short": "",
              "value": "file",
              "variadic": false,
              "mandatory": false,
              "description": "PNG figure to write",
              "default": "restoration.png",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin eval restoration --run digits-ddpm",
          "commands": []
        }
      ]
    },
    {
      "name": "ckpt",
      "description": "list, show, pull and verify checkpoints",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "ls",
          "description": "list the checkpoints of the store",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "only those of this run",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin ckpt ls --run digits-ddpm",
          "commands": []
        },
        {
          "name": "show",
          "description": "show a checkpoint: what trained it, how good it is, its files",
          "arguments": [
            {
              "name": "checkpoint",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "A checkpoint is named RUN (its newest), RUN:STEP or sha256:DIGEST.\n\nExample:\n  $ langevin ckpt show digits-ddpm:4000",
          "commands": []
        },
        {
          "name": "pull",
          "description": "pull a whole checkpoint, every byte verified",
          "arguments": [
            {
              "name": "checkpoint",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--out <folder>",
              "long": "--out",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": true,
              "description": "folder to make",
              "default": "",
              "choices": []
            }
          ],
          "help": "A checkpoint is named RUN (its newest), RUN:STEP or sha256:DIGEST.\n\nExample:\n  $ langevin ckpt pull digits-ddpm --out digits-checkpoint",
          "commands": []
        },
        {
          "name": "verify",
          "description": "read every byte of checkpoints and compare it with what was committed",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "the checkpoints of this run",
              "default": "",
              "choices": []
            },
            {
              "flags": "--all",
              "long": "--all",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "the checkpoints of every run",
              "default": "",
              "choices": []
            }
          ],
          "help": "Ends with code 1 when something is damaged, and names it.\n\nExample:\n  $ langevin ckpt verify --all",
          "commands": []
        }
      ]
    },
    {
      "name": "model",
      "description": "register, list, promote, pull and export models",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "register",
          "description": "make a checkpoint the next version of a model",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--actor <who>",
              "long": "--actor",
              "short": "",
              "value": "who",
              "variadic": false,
              "mandatory": false,
              "description": "who does it, for the audit trail (default: this user on this machine)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--run <name>",
              "long": "--run",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "the newest checkpoint of this run",
              "default": "",
              "choices": []
            },
            {
              "flags": "--step <n>",
              "long": "--step",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with --run: the checkpoint of this step",
              "default": "",
              "choices": []
            },
            {
              "flags": "--checkpoint <sha256>",
              "long": "--checkpoint",
              "short": "",
              "value": "sha256",
              "variadic": false,
              "mandatory": false,
              "description": "a checkpoint, by the digest of its manifest",
              "default": "",
              "choices": []
            },
            {
              "flags": "--note <text>",
              "long": "--note",
              "short": "",
              "value": "text",
              "variadic": false,
              "mandatory": false,
              "description": "what is worth knowing about it",
              "default": "",
              "choices": []
            },
            {
              "flags": "--license <name>",
              "long": "--license",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": false,
              "description": "licence of the weights, e.g. CC-BY-SA-3.0",
              "default": "",
              "choices": []
            }
          ],
          "help": "Examples:\n  $ langevin model register digits --run digits-ddpm --note \"first that looks right\"\n  $ langevin model register digits --run digits-ddpm --step 4000",
          "commands": []
        },
        {
          "name": "ls",
          "description": "list the models of the store",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin model ls",
          "commands": []
        },
        {
          "name": "show",
          "description": "show a model: versions, aliases, and who moved them",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin model show digits",
          "commands": []
        },
        {
          "name": "promote",
          "description": "point an alias to a version",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            },
            {
              "name": "version",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--actor <who>",
              "long": "--actor",
              "short": "",
              "value": "who",
              "variadic": false,
              "mandatory": false,
              "description": "who does it, for the audit trail (default: this user on this machine)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--alias <name>",
              "long": "--alias",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": true,
              "description": "alias to move, e.g. production",
              "default": "",
              "choices": []
            },
            {
              "flags": "--if-current <version>",
              "long": "--if-current",
              "short": "",
              "value": "version",
              "variadic": false,
              "mandatory": false,
              "description": "only if it points there now; \"none\": only if it is new",
              "default": "",
              "choices": []
            },
            {
              "flags": "--reason <text>",
              "long": "--reason",
              "short": "",
              "value": "text",
              "variadic": false,
              "mandatory": false,
              "description": "why, for the audit trail",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin model promote digits 3 --alias production --if-current 2 --reason \"sharper sevens\"",
          "commands": []
        },
        {
          "name": "rollback",
          "description": "take the last promotion of an alias back",
          "arguments": [
            {
              "name": "name",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--actor <who>",
              "long": "--actor",
              "short": "",
              "value": "who",
              "variadic": false,
              "mandatory": false,
              "description": "who does it, for the audit trail (default: this user on this machine)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--alias <name>",
              "long": "--alias",
              "short": "",
              "value": "name",
              "variadic": false,
              "mandatory": true,
              "description": "alias to move back, e.g. production",
              "default": "",
              "choices": []
            },
            {
              "flags": "--reason <text>",
              "long": "--reason",
              "short": "",
              "value": "text",
              "variadic": false,
              "mandatory": false,
              "description": "why, for the audit trail",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin model rollback digits --alias production --reason \"blurred eights\"",
          "commands": []
        },
        {
          "name": "pull",
          "description": "pull a model into a directory that diffusers opens as it is, every byte verified",
          "arguments": [
            {
              "name": "model",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--guidance <model>",
              "long": "--guidance",
              "short": "",
              "value": "model",
              "variadic": false,
              "mandatory": false,
              "description": "pull this noisy classifier too; its noise schedule must be the model's",
              "default": "",
              "choices": []
            },
            {
              "flags": "--out <folder>",
              "long": "--out",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder to make (default: the name of the model)",
              "default": "",
              "choices": []
            }
          ],
          "help": "A model is named NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST. A pull that was stopped goes on where it was.\n\nExample:\n  $ langevin model pull digits@production --guidance digits-classifier@production --out digits",
          "commands": []
        },
        {
          "name": "export",
          "description": "write a denoiser for other programs: as a TensorFlow SavedModel, or as a directory of diffusers",
          "arguments": [
            {
              "name": "model",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--format <format>",
              "long": "--format",
              "short": "",
              "value": "format",
              "variadic": false,
              "mandatory": false,
              "description": "what to write",
              "default": "saved-model",
              "choices": [
                "saved-model",
                "diffusers"
              ]
            },
            {
              "flags": "--batch-size <n>",
              "long": "--batch-size",
              "short": "",
              "value": "n",
              "variadic": false,
              "mandatory": false,
              "description": "with saved-model: images of one call, which the graph fixes (default: 1)",
              "default": "",
              "choices": []
            },
            {
              "flags": "--out <folder>",
              "long": "--out",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": true,
              "description": "folder to make",
              "default": "",
              "choices": []
            }
          ],
          "help": "A model is named NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST. A SavedModel has the signature sample_step: one step of DDIM.\n\nExamples:\n  $ langevin model export digits@production --format saved-model --batch-size 16 --out digits-tf\n  $ langevin model export digits:3 --format diffusers --out digits-diffusers",
          "commands": []
        }
      ]
    },
    {
      "name": "index",
      "description": "the local index that answers listings; the store is the truth",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "rebuild",
          "description": "make the index anew from the store",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin index rebuild",
          "commands": []
        }
      ]
    },
    {
      "name": "store",
      "description": "try out and make stores",
      "arguments": [],
      "options": [],
      "help": "",
      "commands": [
        {
          "name": "doctor",
          "description": "try whether a store keeps its word when many write at once; removes what it wrote",
          "arguments": [],
          "options": [
            {
              "flags": "--data-dir <folder>",
              "long": "--data-dir",
              "short": "",
              "value": "folder",
              "variadic": false,
              "mandatory": false,
              "description": "folder of the cluster: store, token, caches",
              "default": ".langevin",
              "choices": []
            },
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            },
            {
              "flags": "--store <location>",
              "long": "--store",
              "short": "",
              "value": "location",
              "variadic": false,
              "mandatory": false,
              "description": "store: a directory, or s3://bucket/prefix?endpoint=URL (default: that of the data folder)",
              "default": "",
              "choices": []
            }
          ],
          "help": "Ends with code 1 when the store is not safe for many writers.\n\nExample:\n  $ langevin store doctor --store \"s3://langevin?endpoint=http://127.0.0.1:9000\"",
          "commands": []
        },
        {
          "name": "create",
          "description": "make a store: a directory, or the bucket of an S3 server; one that is there already is fine",
          "arguments": [
            {
              "name": "location",
              "required": true,
              "variadic": false,
              "choices": []
            }
          ],
          "options": [
            {
              "flags": "--json",
              "long": "--json",
              "short": "",
              "value": "",
              "variadic": false,
              "mandatory": false,
              "description": "print one JSON value instead of text",
              "default": "",
              "choices": []
            }
          ],
          "help": "Example:\n  $ langevin store create \"s3://langevin?endpoint=http://127.0.0.1:9000\"",
          "commands": []
        }
      ]
    },
    {
      "name": "certs",
      "description": "make certificates for a cluster that speaks TLS, and a private authority at the first call",
      "arguments": [],
      "options": [
        {
          "flags": "--out <folder>",
          "long": "--out",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the authority and of the certificate",
          "default": ".langevin/tls",
          "choices": []
        },
        {
          "flags": "--host <names...>",
          "long": "--host",
          "short": "",
          "value": "names",
          "variadic": true,
          "mandatory": false,
          "description": "how others dial the members; localhost is always there",
          "default": "",
          "choices": []
        },
        {
          "flags": "--days <n>",
          "long": "--days",
          "short": "",
          "value": "n",
          "variadic": false,
          "mandatory": false,
          "description": "days for which the certificate holds",
          "default": "365",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        }
      ],
      "help": "Examples:\n  $ langevin certs --host head.example 10.0.0.5\n  $ langevin certs --out tls --days 90",
      "commands": []
    },
    {
      "name": "health",
      "description": "ask a coordinator, or a trainer by its address, whether it serves",
      "arguments": [
        {
          "name": "address",
          "required": false,
          "variadic": false,
          "choices": []
        }
      ],
      "options": [
        {
          "flags": "--data-dir <folder>",
          "long": "--data-dir",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "folder of the cluster: store, token, caches",
          "default": ".langevin",
          "choices": []
        },
        {
          "flags": "--json",
          "long": "--json",
          "short": "",
          "value": "",
          "variadic": false,
          "mandatory": false,
          "description": "print one JSON value instead of text",
          "default": "",
          "choices": []
        },
        {
          "flags": "--coordinator <host:port>",
          "long": "--coordinator",
          "short": "",
          "value": "host:port",
          "variadic": false,
          "mandatory": false,
          "description": "coordinator to talk to (default: the one that runs on the data folder)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--token-file <file>",
          "long": "--token-file",
          "short": "",
          "value": "file",
          "variadic": false,
          "mandatory": false,
          "description": "file with the cluster token (default: the data folder's)",
          "default": "",
          "choices": []
        },
        {
          "flags": "--tls <folder>",
          "long": "--tls",
          "short": "",
          "value": "folder",
          "variadic": false,
          "mandatory": false,
          "description": "certificates of a cluster that speaks TLS (default: those of the coordinator on the data folder)",
          "default": "",
          "choices": []
        }
      ],
      "help": "Examples:\n  $ langevin health\n  $ langevin health 10.0.0.7:7434 --token-file token --tls tls",
      "commands": []
    },
    {
      "name": "completion",
      "description": "print what a shell reads to complete langevin command lines",
      "arguments": [
        {
          "name": "shell",
          "required": true,
          "variadic": false,
          "choices": [
            "bash",
            "zsh",
            "fish"
          ]
        }
      ],
      "options": [],
      "help": "It completes commands, options, files, and the names of runs, models, versions and aliases.\n\nExamples:\n  $ source <(langevin completion bash)\n  $ langevin completion zsh > \"${fpath[1]}/_langevin\"\n  $ langevin completion fish > ~/.config/fish/completions/langevin.fish",
      "commands": []
    }
  ]
};
