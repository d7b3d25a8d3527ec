package io.pushwire.testkit;

/** What every part of the contract is given. */
interface Cases {
  /** The nodes of the current test, on a prefix of their own. */
  Cluster cluster();
}
