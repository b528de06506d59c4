package dev.byol.examples;

/** How large a study is. The code is the same. */
enum StudyScale {
    /** Minutes on two cores: the made shapes and a small encoder. */
    QUICK(Pretrain.EncoderName.RESNET10, 64, 512, 4, 4000, 400),
    /** The appendix's settings: ResNet-18, batches of 256, STL-10. */
    PAPER(Pretrain.EncoderName.RESNET18, 256, 65_536, 1, 105_000, 40);

    final Pretrain.EncoderName encoder;
    final int batch;
    /** Negatives that the contrastive loss remembers. */
    final int queue;
    /** Epochs from one measurement of the accuracy to the next: fitting its classifiers takes as long as a quick epoch. */
    final int examinedEvery;
    /** Of an epoch, with the data that it is meant for; to tell the cost. */
    private final int images;
    /** Of 96 pixels, taken in by the training on two processor cores; to tell the cost. */
    private final int imagesPerSecond;

    StudyScale(Pretrain.EncoderName encoder, int batch, int queue, int examinedEvery, int images, int imagesPerSecond) {
        this.encoder = encoder;
        this.batch = batch;
        this.queue = queue;
        this.examinedEvery = examinedEvery;
        this.images = images;
        this.imagesPerSecond = imagesPerSecond;
    }

    /** About what a run takes on two processor cores: in proportion to pixels and to the products of channels. */
    double seconds(StudyRun.Budget budget) {
        double work = budget.side() * budget.side() * budget.widening() * budget.widening() / (96.0 * 96.0);
        return budget.epochs() * work * images / imagesPerSecond;
    }
}
