package io.pushwire.endpoint;

/**
 * The close codes that clients see. Below 4000: RFC 6455, section 7.4.1, and the IANA registry of
 * WebSocket close codes.
 *
 * @since 0.1
 */
public final class CloseCode {
  /** The node goes away. */
  public static final int NODE_GONE = 1001;

  /** This kind of frame is not accepted. */
  public static final int NOT_ACCEPTED = 1003;

  /** What the client did is against the rules of this endpoint. */
  public static final int POLICY = 1008;

  /** The message is too big. */
  public static final int TOO_BIG = 1009;

  /** Something went wrong on this side. */
  public static final int INTERNAL = 1011;

  /** The node is being drained: come back, another node will take you. */
  public static final int DRAIN = 1012;

  /** The node has too much to do. */
  public static final int OVERLOAD = 1013;

  /** The token that opened the connection has expired. */
  public static final int TOKEN_EXPIRED = 4401;

  /** What the token allowed is not allowed any more. */
  public static final int NOT_ALLOWED = 4403;

  /** The client reads too slowly. */
  public static final int TOO_SLOW = 4408;

  /** An API call closed the connection. */
  public static final int CLOSED_BY_API = 4409;

  /** The client sent too many messages. */
  public static final int TOO_MANY_MESSAGES = 4429;

  private CloseCode() {}
}
