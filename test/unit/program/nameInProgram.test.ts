import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { nameInProgram } from "../../../provider/program/nameInProgram";

class Component extends pulumi.ComponentResource {
  constructor(name: string, parent?: pulumi.Resource) {
    super("test:index:Component", name, {}, parent && { parent });
  }
}

describe("the name of a resource in messages", () => {
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name }) => ({ id: name, state: {} }),
      call: () => ({}),
    }),
  );

  it("is that of the program, without a component", () => {
    assert.equal(nameInProgram("payments", undefined), "payments");
  });

  it("begins with the components that the resource is in, so that two of one name are told apart", () => {
    const alpha = new Component("alpha");
    assert.equal(nameInProgram("payments", alpha), "alpha/payments");
    assert.equal(nameInProgram("payments", new Component("inner", alpha)), "alpha/inner/payments");
  });
});
