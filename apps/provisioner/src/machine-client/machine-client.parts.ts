import { ChangeMachineClientHandler } from './change-machine-client.handler.js';
import { GetMachineClientHandler } from './get-machine-client.query.js';
import { ListMachineClientsHandler } from './list-machine-clients.query.js';
import { MachineClients } from './machine-clients.js';
import { RegisterMachineClientHandler } from './register-machine-client.handler.js';
import { RemoveMachineClientHandler } from './remove-machine-client.handler.js';

export const machineClientParts = [
  MachineClients,
  RegisterMachineClientHandler,
  ChangeMachineClientHandler,
  RemoveMachineClientHandler,
  GetMachineClientHandler,
  ListMachineClientsHandler,
];
