package io.giftorders.load;

/**
 * The shop, or what the settings say of it, is not as the harness needs it. The message is a sentence for a person; no stack
 * trace, which would bury it.
 */
final class ShopFailure extends RuntimeException {

    ShopFailure(String sentence) {
        super(sentence, null, false, false);
    }

    /** @param cause named in the sentence by its kind */
    ShopFailure(String sentence, Throwable cause) {
        this(sentence + " (" + cause.getClass().getSimpleName() + ")");
    }
}
