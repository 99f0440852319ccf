"""Train PyTorch Model: a network and images in, a trained image model out."""

from __future__ import annotations

from dataclasses import asdict, replace

from pipelines.catalogue.module import module
from pipelines.catalogue.phrases import counted
from pipelines.catalogue.reporting import log
from pipelines.kinds.image_model import ImageModel
from pipelines.kinds.image_network import ImageNetwork
from pipelines.kinds.images import Images
from pipelines.modules.vision._architectures import LIBRARIES, arrays_of, build
from pipelines.modules.vision._batches import check_size, reproducible
from pipelines.modules.vision._course import Asked
from pipelines.modules.vision._examples import training_examples, validation_examples
from pipelines.modules.vision._training import Training
from pipelines.modules.vision._training_report import training_report


@module(
    "Train PyTorch Model",
    icon="photo-bolt",
    aliases=("image classification", "deep learning", "torch", "fit", "learn", "fine-tune", "transfer learning"),
    libraries=(*LIBRARIES, "pillow"),
    extra="vision",
)
def train_pytorch_model(network: ImageNetwork, training: Images, validation: Images | None = None, *, asked: Asked) -> ImageModel:
    """Train a network to tell classes of images apart. The classes are the labels of the training images.

    An epoch shows all training images to the network once, in random order and in batches, and updates the weights after each batch to lower the
    cross-entropy loss. With validation images, the loss on these is measured after each epoch: the model keeps the weights of the epoch in which it was
    lowest, and training ends early when it no longer falls. Without, it keeps those of the last epoch. The log has the figures of each
    epoch while the training runs, and the report their courses.

    After each epoch a checkpoint is kept. If the step is stopped, by a restart, a time limit or Cancel, the next attempt continues after that epoch, and
    so does another run with the same settings and images on the same machine within a day. The result is the same, to the byte, as without a stop.

    All images need one size after their operations. Random operations differ in each epoch, if the images were prepared for training. Images without
    a label are left out, as are validation images of other classes. Colours are scaled to the mean and standard deviation of ImageNet. Training uses
    processors only, no graphics card.

    When to use:
        For pictures, after DenseNet, ResNet or Small Convolutional Network. If the validation loss rises while the training loss falls, the network
        learns the training images by heart: use more images, random operations, or weights of another training.

    Args:
        network: The untrained network.
        training: The images to learn from.
        validation: Other images, to judge the network by after each epoch.

    Returns:
        The trained model, for Score Image Model.

    Example:
        training: vision.split_image_directory.first
        epochs: 3
        batch_size: 64
        learning_rate: 0.01
    """
    examples, classes = training_examples(training)
    held_out = validation_examples(validation, classes)
    with reproducible(asked.threads, asked.seed):
        made = build(network, len(classes))
        size = check_size(made, examples.pixels, network.name)
        course = Training(made, examples, held_out, asked)
        course.run()
        trained = replace(network, arrays=arrays_of(made))
    model = ImageModel(trained, classes, training.recipe, size, asdict(asked))
    log(
        f"Trained on {counted(len(examples.targets), 'image')} of {counted(len(classes), 'class', 'classes')}; the weights are of epoch {course.best}."
    )
    return replace(model, report=training_report(model, examples, held_out, course.epochs, course.best))
