package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Fetches bills. Its method waits for the network. */
final class Bills {

    /** Chosen: some megabytes on a slow line. */
    static final Duration DOWNLOAD = Duration.ofSeconds(60);

    private final Settings settings;
    private final Gateway gateway;
    private final Transport transport;

    Bills(Settings settings, Gateway gateway, Transport transport) {
        this.settings = settings;
        this.gateway = gateway;
        this.transport = transport;
    }

    /** The bill of a day in Alipay's time zone; null where Alipay has none, or none yet: before nine the next morning. */
    @Nullable
    Bill of(LocalDate day) throws AlipayApiException, UnexpectedAnswer, IOException {
        Answer answer = gateway.billUrl(day);
        if (answer.declined() && answer.because("BILL_NOT_EXIST", "BILL-NOT-EXIST")) {
            return null;
        }
        Trades.requireSuccess(answer);
        // at once: the link is good for 30 seconds
        return BillArchive.read(
                transport.get(download(answer.text("bill_download_url")), BillArchive.MAX_PACKED, DOWNLOAD));
    }

    /** Over TLS always, although the link may say http: the archive has no signature. A stand-in's link stays as it is. */
    private URI download(@Nullable String link) throws UnexpectedAnswer {
        if (link == null) {
            throw new UnexpectedAnswer("no link to the bill");
        }
        try {
            URI url = URI.create(settings.local() ? link : link.replaceFirst("^http:", "https:"));
            boolean usable = url.getHost() != null && (settings.local() || "https".equals(url.getScheme()));
            if (usable) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            // answered below
        }
        throw new UnexpectedAnswer("no usable link to the bill");
    }
}
