package io.pushwire.api;

/**
 * One start of a node.
 *
 * @since 0.1
 */
public final class NodeInfo {
  private final NodeId id;
  private final long incarnation;

  private NodeInfo(NodeId id, long incarnation) {
    this.id = id;
    this.incarnation = incarnation;
  }

  /**
   * @param id the node
   * @param incarnation which of its starts
   * @return both
   */
  public static NodeInfo of(NodeId id, long incarnation) {
    return new NodeInfo(id, incarnation);
  }

  /**
   * @return the node
   */
  public NodeId id() {
    return id;
  }

  /**
   * @return which of its starts; a later start has a greater number
   */
  public long incarnation() {
    return incarnation;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeInfo that && id.equals(that.id) && incarnation == that.incarnation;
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + Long.hashCode(incarnation);
  }

  /** The form that connection ids begin with. */
  @Override
  public String toString() {
    return id + "." + Long.toString(incarnation, 36);
  }
}
